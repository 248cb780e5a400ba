// Preload (`node --import`) that lets DLLs of the tests stand in for Windows' own: COROOT_TEST_DOUBLES=iphlpapi.dll=Z:\...\double.dll;...
// A function that a double exports comes from there (of several for a DLL, from the first that has it), every other from the real DLL. Worker threads inherit --import, so it holds there too.

const doubles = new Map();
for (const pair of (process.env.COROOT_TEST_DOUBLES ?? '').split(';').filter((each) => each.includes('='))) {
  const dll = baseName(pair.slice(0, pair.indexOf('=')));
  doubles.set(dll, [...(doubles.get(dll) ?? []), pair.slice(pair.indexOf('=') + 1)]);
}

function baseName(path) {
  const name = path.split(/[\\/]/).at(-1).toLowerCase();
  return name.endsWith('.dll') ? name : `${name}.dll`;
}

// koffi hands the functions of its binding out as they are when it is first imported, under several entry points; so the binding itself
// is changed, the moment it is loaded, wherever it lies.
const dlopen = process.dlopen;
process.dlopen = function (module, ...rest) {
  dlopen.call(this, module, ...rest);
  const binding = module.exports;
  if (typeof binding?.load !== 'function' || typeof binding?.struct !== 'function') return;
  const load = binding.load;
  binding.load = (path, ...options) => {
    const library = load(path, ...options);
    const found = typeof path === 'string' ? (doubles.get(baseName(path)) ?? []) : [];
    return found.reduceRight((real, double) => standIn(real, load(double)), library);
  };
};

// koffi's handles cannot be changed; the answer is an object over the real one, whose methods insist on their own handle.
function standIn(real, double) {
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
