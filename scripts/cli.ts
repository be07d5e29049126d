#!/usr/bin/env node
// The package's command. Imports nothing else until the version of Node is known to be new enough.
import '../src/require-node.cjs';

const { cli } = await import('./cli/commands.ts');
const { runProcess } = await import('./command-line.ts');
await runProcess('tencent-chat-callbacks', cli);
