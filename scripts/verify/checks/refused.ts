import callbackDocument from '../../../generated/callback.json' with { type: 'json' };
import { signUrl, unixSeconds } from '../../../src/callback/vendor-url.ts';
import type { Payload } from '../../simulator/examples.ts';
import { type FaultName, faults, refusals } from '../../simulator/faults.ts';
import { type Check, refuses, refusesOrKnowsNot } from '../check.ts';
import { type Rule, rules } from '../rules.ts';

const forgeries = [
  forgery(
    'sign/other-token',
    'Sign made with another token',
    ({ url }, token) => signUrl(url, `${token} of another`, unixSeconds()),
    rules.signature,
  ),
  forgery(
    'sign/other-time',
    'the Sign of an earlier RequestTime with the current one',
    ({ url }, token) => {
      signUrl(url, token, unixSeconds() - 30);
      url.searchParams.set('RequestTime', String(unixSeconds()));
    },
    rules.signature,
  ),
  forgery(
    'sign/empty',
    'Sign and RequestTime without values',
    ({ url }) => {
      for (const name of ['RequestTime', 'Sign']) url.searchParams.set(name, '');
    },
    rules.signature,
  ),
  forgery('sign/repeated', 'Sign twice, the second is right', ({ url }) => {
    const right = url.searchParams.get('Sign') ?? '';
    url.searchParams.set('Sign', '0'.repeat(64));
    url.searchParams.append('Sign', right);
  }),
  refuses('sign/unsigned-probe', "the console's probe, unsigned", refusals.badSign, (vendor) => {
    const request = vendor.faulty('probe');
    for (const name of ['Sign', 'RequestTime']) request.url.searchParams.delete(name);
    return request;
  }),
];

/** Requests that an endpoint has to refuse for any command, except hostile bodies. */
export const refusedChecks: Check[] = [
  fromFault('app/wrong', 'wrong-app', rules.ownApp),
  fromFault('app/missing', 'missing-app', rules.ownApp),
  fromFault('app/repeated', 'repeated-app'),
  fromFault('sign/unsigned', 'unsigned', rules.signature),
  fromFault('sign/tampered', 'tampered-sign', rules.signature),
  fromFault('sign/expired', 'expired', rules.signature),
  fromFault('sign/from-the-future', 'from-the-future', rules.signature),
  ...forgeries,
  fromFault('commands/differ', 'commands-differ'),
  fromFault('paths/wrong', 'wrong-path'),
  fromFault('methods/wrong', 'wrong-method'),
  ...['CallbackCommand', 'ClientIP'].map((name) =>
    refuses(`parameters/repeated-${name}`, `${name} twice`, refusals.invalid, (vendor) => {
      const request = vendor.callback();
      const { searchParams } = request.url;
      const value = searchParams.get(name) ?? '127.0.0.1';
      searchParams.delete(name);
      for (const twice of [value, value]) searchParams.append(name, twice);
      searchParams.sort();
      return request;
    }),
  ),
];

function forgery(name: string, what: string, forge: (request: { url: URL }, token: string) => void, must?: Rule) {
  return refuses(
    name,
    what,
    refusals.badSign,
    (vendor) => {
      const request = vendor.callback();
      forge(request, vendor.options.token ?? '');
      return request;
    },
    must,
  );
}

/** A check with a fault that trigger also offers. */
function fromFault(name: string, fault: FaultName, must?: Rule): Check {
  return refuses(name, faults[fault].does, faults[fault], (vendor) => vendor.faulty(fault), must);
}

interface FieldSchema {
  $ref?: string;
  type?: unknown;
}
interface Schema extends FieldSchema {
  required?: string[];
  properties?: Record<string, FieldSchema>;
}

const { schemas } = callbackDocument.components as unknown as { schemas: Record<string, Schema> };

/**
 * Each required field of a command, once removed and once with a wrong type: [name, description, change]. The URL alone
 * may name the command.
 */
function violationsOf(
  command: string,
  example: Payload,
): [name: string, what: string, change: (payload: Payload) => void][] {
  const { required = [], properties = {} } = schemas[command] ?? {};
  return required.flatMap((field) => {
    const retyped = resolved(properties[field])?.type === 'string' ? 7 : 'not of this type';
    const remove = (payload: Payload) => {
      delete payload[field];
    };
    const retype = (payload: Payload) => {
      payload[field] = retyped;
    };
    const missing: ReturnType<typeof violationsOf> = [[`missing/${command}/${field}`, `no ${field}`, remove]];
    return [
      // A body without any field is the console's probe.
      ...(field === 'CallbackCommand' || Object.keys(example).join() === field ? [] : missing),
      [`retyped/${command}/${field}`, `${field} is ${JSON.stringify(retyped)}`, retype],
    ];
  });
}

/**
 * Checks that violations of a command are refused: one each if every endpoint describes the command, otherwise one for
 * all.
 */
export function violationChecks(command: string, example: Payload, isDescribed: boolean): Check[] {
  const violations = violationsOf(command, example);
  if (isDescribed) {
    return violations.map(([name, what, change]) =>
      refuses(name, what, refusals.invalid, (vendor) => vendor.callback(command, change)),
    );
  }
  return [
    refusesOrKnowsNot(
      `fields/${command}`,
      `${schemas[command]?.required?.join(', ')}, one at a time missing or of another type`,
      refusals.invalid,
      (vendor) => violations.map(([, what, change]) => [what, vendor.callback(command, change)]),
    ),
  ];
}

function resolved(schema: FieldSchema | undefined): FieldSchema | undefined {
  return schema?.$ref ? schemas[schema.$ref.replace('#/components/schemas/', '')] : schema;
}
