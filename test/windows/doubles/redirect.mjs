// Preload (`node --import`) that redirects functions of Windows DLLs to doubles.
//
// COROOT_TEST_DOUBLES=iphlpapi.dll=Z:\...\double.dll;... names the doubles. A function comes from the first double that
// exports it, otherwise from the real DLL. Worker threads inherit --import, so the same applies there.

const doubles = new Map();
for (const pair of (process.env.COROOT_TEST_DOUBLES ?? '').split(';').filter((each) => each.includes('='))) {
  const dll = baseName(pair.slice(0, pair.indexOf('=')));
  doubles.set(dll, [...(doubles.get(dll) ?? []), pair.slice(pair.indexOf('=') + 1)]);
}

function baseName(path) {
  const name = path.split(/[\\/]/).at(-1).toLowerCase();
  return name.endsWith('.dll') ? name : `${name}.dll`;
}

// koffi has several entry points, each of which copies the functions of the native binding when it is imported. So the
// binding itself is changed at the moment it is loaded.
const dlopen = process.dlopen;
process.dlopen = function (module, ...rest) {
  dlopen.call(this, module, ...rest);
  const binding = module.exports;
  if (typeof binding?.load !== 'function' || typeof binding?.struct !== 'function') return;
  const load = binding.load;
  binding.load = (path, ...options) => {
    const library = load(path, ...options);
    const found = typeof path === 'string' ? (doubles.get(baseName(path)) ?? []) : [];
    return found.reduceRight((real, double) => redirected(real, load(double)), library);
  };
};

// A library handle of koffi is immutable, and its methods require the real handle as `this`. So the result inherits
// from the real handle and overrides its methods.
function redirected(real, double) {
  const methods = { unload: { value: () => real.unload() } };
  for (const name of ['func', 'symbol']) {
    methods[name] = {
      value: (...args) =>
        firstFound(
          () => double[name](...args),
          () => real[name](...args),
        ),
    };
  }
  return Object.create(real, methods);
}

function firstFound(inDouble, inReal) {
  try {
    return inDouble();
  } catch (error) {
    if (!/cannot find/i.test(error.message)) throw error;
    return inReal();
  }
}
