// @ts-check
// Loaded before the program by `npm start`, and by the threads. In JavaScript, so that it does not itself need
// compiling.
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Stripping the types of all sources takes a third of the start, and 17 MB per thread for Node's compiler. Without
// write access to the folder, they are stripped at each start. The package is already compiled, and writes nothing into
// its folder.
if (!existsSync(join(import.meta.dirname, 'main.js'))) {
  enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/compiled'));
}
