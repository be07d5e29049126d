import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { constants, setPriority } from 'node:os';

// Stands for many open pages: each reads the live stream, and reads its list again, as the page does, after a gap. Tells
// the parent when all are open. Runs at low priority, because real pages run on the machines of their readers.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
Object.assign(globalThis, { document: { hidden: false, addEventListener() {}, removeEventListener() {} } });
// Loaded by its address: the page's sources are checked with the types of a browser, not those of Node.
const { rereading } = await import(import.meta.resolve('../../src/admin/page/rereading.ts'));

const [adminUrl, pages] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });
await Promise.all(
  Array.from({ length: Number(pages) }, async () => {
    const stream = await read('/api/live', false);
    const list = rereading(async () => {
      await once((await read('/api/groups?limit=50', agent)).resume(), 'end');
    });
    stream.on('data', (chunk: Buffer) => {
      // A gap event that is split between two chunks is missed; the next one will do.
      const [, readers] = /event: gap\ndata: .*"readers":(\d+)/.exec(chunk.toString('latin1')) ?? [];
      if (readers !== undefined) list.ask(Number(readers));
    });
  }),
);
process.send?.('open');

async function read(path: string, agent: Agent | false): Promise<IncomingMessage> {
  const [response] = await once(get(adminUrl + path, { agent }), 'response');
  if (response.statusCode !== 200) throw new Error(`${path} answered ${response.statusCode}`);
  return response;
}
