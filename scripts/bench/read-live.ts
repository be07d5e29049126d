import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { constants, setPriority } from 'node:os';

// A process that has so many pages open, as far as the receiver has to do with them: each reads the live stream, and its
// list again in the page's own way where the stream tells of a gap. Says when all are open. Pages run on the machines of
// their readers, so it stands back behind the receiver, which has this one to itself otherwise.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
Object.assign(globalThis, { document: { hidden: false, addEventListener() {}, removeEventListener() {} } });
// By its address: the page's sources are checked with the types of a browser, which are not those of Node.
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
      // One that two chunks share is passed by; the next will do.
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
