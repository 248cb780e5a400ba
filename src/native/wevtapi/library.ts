// wevtapi.dll, loaded once for the files beside this one.
import { library } from '../ffi.ts';

export const wevtapi = library('wevtapi.dll');
