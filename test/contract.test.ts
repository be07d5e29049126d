import { describe, expect, test } from '@jest/globals';
import adminDocument from '../generated/admin.json' with { type: 'json' };
import callbackDocument from '../generated/callback.json' with { type: 'json' };
import { openContract, requireHandlers } from '../src/callback/contract.ts';
import { start } from './support/start.ts';
import { CREATED, pathOf, payload, post } from './support/vendor.ts';

const guarded = { method: 'GET', path: '/api/groups', headers: {} };
const stop = () => 'stopped by the handler';
const pass = () => true;

describe('openapi-backend fails closed', () => {
  test.each([
    ['validationFail', { ...guarded, query: { limit: '0' } }, pass, /400-validationFail/],
    ['unauthorizedHandler', guarded, () => false, /401-unauthorized/],
    ['notFound', { ...guarded, path: '/nowhere' }, pass, /404-notFound/],
    ['methodNotAllowed', { ...guarded, path: '/api/groups', method: 'PUT' }, pass, /40[45]-/],
    ['notImplemented', guarded, pass, /501-notImplemented/],
  ])('without %s a request is stopped, with it the handler answers', async (name, request, basic, error) => {
    const open = (operations: Record<string, () => unknown>) =>
      openContract(adminDocument, { operations, security: { basic } });
    const through = name === 'notImplemented' ? {} : { listGroups: () => 'let through' };
    await expect((await open(through)).handleRequest(request)).rejects.toThrow(error);
    expect(await (await open({ ...through, [name]: stop })).handleRequest(request)).toBe('stopped by the handler');
  });

  test('a security handler that throws, or is missing, refuses everybody', async () => {
    const operations = { listGroups: () => 'let through', unauthorizedHandler: stop };
    const throwing = await openContract(adminDocument, {
      operations,
      security: {
        basic: () => {
          throw new Error('no');
        },
      },
    });
    expect(await throwing.handleRequest(guarded)).toBe('stopped by the handler');
    expect(await (await openContract(adminDocument, { operations })).handleRequest(guarded)).toBe(
      'stopped by the handler',
    );
  });

  test('a contract with an unhandled part is not served', async () => {
    const contract = await openContract(adminDocument, { operations: { listGroups: stop, notFound: stop } });
    expect(() => requireHandlers(contract)).toThrow(
      /validationFail, unauthorizedHandler, methodNotAllowed, getPage, .*getGroup.*basic/,
    );
  });

  test('an unhandled public operation or security scheme stops the start', async () => {
    const document = structuredClone(callbackDocument) as { paths: object; components: { securitySchemes: object } };
    const responses = { 200: { description: 'OK' } };
    Object.assign(document.paths, { '/version': { get: { operationId: 'getVersion', responses } } });
    await expect(start({ document })).rejects.toThrow('nobody handles: getVersion. Register it');
    const scheme = { Signature: { type: 'apiKey', in: 'header', name: 'Signature' } };
    const signed = structuredClone(callbackDocument);
    Object.assign(signed.components.securitySchemes, scheme);
    await expect(start({ document: signed })).rejects.toThrow('nobody handles: Signature. Register it');
  });

  test('a schema that does not compile stops the start', async () => {
    const document = structuredClone(callbackDocument) as unknown as {
      components: { schemas: Record<string, { properties: Record<string, object> }> };
    };
    const schema = document.components.schemas[CREATED];
    if (!schema) throw new Error('no such schema');
    schema.properties.Name = { type: 'string', pattern: '(' };
    await expect(start({ document })).rejects.toThrow(/schema of receiveCallback does not compile.*Unterminated group/);
  });
});

test('the receiver enforces what the contract requires: an added constraint refuses a callback', async () => {
  const document = structuredClone(callbackDocument) as unknown as {
    components: { schemas: Record<string, { properties: Record<string, object> }> };
  };
  const schema = document.components.schemas[CREATED];
  if (!schema) throw new Error('no such schema');
  schema.properties.Name = { type: 'string', maxLength: 3 };
  const { send } = await start({ document });
  expect((await send(pathOf(), post(payload({ Name: 'abc' })))).status).toBe(200);
  const { status, json } = await send(pathOf(), post(payload({ Name: 'abcd' })));
  expect([status, json.ErrorInfo]).toEqual([400, 'body.Name ("abcd") must have at most 3 characters']);
});
