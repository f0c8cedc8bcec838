// Started by `netloom apply --confirm`: goes back unless somebody confirms in time. Its argument is the id of what it guards.
const { loadBundle } = require('./bundle.js');

void loadBundle().exports.guard(process.argv[2] ?? '');
