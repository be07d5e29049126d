// @ts-check
// Loaded before the program, by `npm start`, and by the threads. In JavaScript, because it must not need what it saves.
import { existsSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Stripping the types of all sources takes a third of the start, and 17 MB a thread for Node's compiler. Where the folder
// cannot be written, they are stripped each time. The package is compiled already, and writes nothing where it is installed.
if (!existsSync(join(import.meta.dirname, 'main.js'))) {
  enableCompileCache(join(import.meta.dirname, '../node_modules/.cache/compiled'));
}
