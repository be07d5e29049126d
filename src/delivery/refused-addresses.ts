import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { AttemptFailed } from './target.ts';

/** Metadata services of clouds, which hand out credentials to a machine. No endpoint of an app lives there. */
const REFUSED = new BlockList();
REFUSED.addSubnet('169.254.0.0', 16, 'ipv4');
REFUSED.addSubnet('fe80::', 10, 'ipv6');
// The first subnet again, as NAT64 translates it.
REFUSED.addSubnet('64:ff9b::a9fe:0', 112, 'ipv6');
for (const address of ['100.100.100.200', '168.63.129.16', '192.0.0.192']) REFUSED.addAddress(address, 'ipv4');
for (const address of ['fd00:ec2::23', 'fd00:ec2::254', 'fd20:ce::254']) REFUSED.addAddress(address, 'ipv6');

/** Whether a URL's host is an address that is never delivered to. Names are not resolved. */
export function isRefusedAddress(host: string): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '');
  const version = isIP(address);
  return version !== 0 && REFUSED.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/**
 * A lookup for `connect`, which then uses the very addresses that were checked: a name that is checked beforehand can
 * resolve differently a moment later.
 */
export function refusingLookup(resolve: LookupFunction = lookup): LookupFunction {
  return (hostname, options, done) =>
    resolve(hostname, { ...options, all: true }, (error, found) => {
      if (error) return done(error, []);
      const addresses = found as LookupAddress[];
      const refused = addresses.find(({ address }) => isRefusedAddress(address));
      const [first] = addresses;
      const problem = `the endpoint's name leads to ${refused?.address}: ${NOT_THERE}`;
      if (refused) done(new AttemptFailed(problem, { isAway: true }), []);
      else if (options.all || !first) done(null, addresses);
      else done(null, first.address, first.family);
    });
}

export const NOT_THERE = 'nothing is delivered to link-local addresses and those of cloud metadata';
