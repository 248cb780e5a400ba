// advapi32.dll, loaded once for the files beside this one.
import { library } from '../ffi.ts';

export const advapi32 = library('advapi32.dll');
