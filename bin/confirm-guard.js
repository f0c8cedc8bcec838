// Started by `netloom apply --confirm`: goes back unless somebody confirms in time. Its argument is the id of what it guards.
import { guard } from '../dist/cli/confirmation/guard.js';

await guard(process.argv[2] ?? '');
