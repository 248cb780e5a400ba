// Stands in the bundle for packages of dockerode that the agent does not call.
module.exports = {};
