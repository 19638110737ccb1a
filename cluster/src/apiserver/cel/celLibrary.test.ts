import { Environment } from '@marcbachmann/cel-js';
import { expect, it } from 'vitest';

import { addLibrary } from './celLibrary.ts';

const environment = new Environment({
  enableOptionalTypes: true,
  homogeneousAggregateLiterals: false,
});
addLibrary(environment);

// Most are examples of Kubernetes' documentation and of cel-go's.
it.each([
  "ip('192.168.0.1').family() == 4",
  "ip('::1').family() == 6",
  "isIP('127.0.0.1') && !isIP('127.0.0.1.0') && !isIP('::ffff:1.2.3.4') && !isIP('fe80::1%eth0')",
  "ip.isCanonical('2001:db8::abcd') && !ip.isCanonical('2001:DB8::ABCD')",
  "string(ip('2001:0db8:0:0::abcd')) == '2001:db8::abcd'",
  "ip('::1') == ip('0:0:0:0:0:0:0:1')",
  "ip('127.0.0.1').isLoopback() && ip('::1').isLoopback() && !ip('10.0.0.1').isLoopback()",
  "ip('0.0.0.0').isUnspecified() && ip('::').isUnspecified()",
  "ip('224.0.0.1').isLinkLocalMulticast() && ip('ff02::1').isLinkLocalMulticast()",
  "ip('169.254.169.254').isLinkLocalUnicast() && ip('fe80::1').isLinkLocalUnicast()",
  "ip('192.168.0.1').isGlobalUnicast() && !ip('255.255.255.255').isGlobalUnicast()",
  "isCIDR('192.168.0.0/16') && !isCIDR('192.168.0.0/33') && !isCIDR('192.168.0.1')",
  "cidr('192.168.0.0/24').containsIP('192.168.0.1')",
  "!cidr('192.168.0.0/24').containsIP(ip('192.168.1.1'))",
  "cidr('192.168.0.0/16').containsCIDR(cidr('192.168.10.0/24'))",
  "!cidr('192.168.1.0/24').containsCIDR('192.168.0.0/16')",
  "cidr('2001:db8::/32').containsIP('2001:db8::1')",
  "cidr('192.168.0.1/24').masked() == cidr('192.168.0.0/24')",
  "cidr('192.168.0.1/24').ip() == ip('192.168.0.1')",
  "cidr('::1/128').prefixLength() == 128 && string(cidr('10.0.0.0/8')) == '10.0.0.0/8'",
  "isURL('https://user:pass@example.com:80/path?query=val#fragment')",
  "isURL('/absolute-path') && !isURL('https://a:b:c/') && !isURL('../relative-path')",
  "url('https://example.com:80/').getHost() == 'example.com:80'",
  "url('https://[::1]:80/').getHostname() == '::1' && url('https://[::1]:80/').getPort() == '80'",
  "url('https://example.com/path with spaces/').getEscapedPath() != ''",
  "url('/path').getScheme() == '' && url('https://example.com/path').getScheme() == 'https'",
  "url('https://example.com/?k1=a&k2=b&k2=c').getQuery() == {'k1': ['a'], 'k2': ['b', 'c']}",
  "isSemver('1.0.0') && !isSemver('v1.0') && isSemver('v1.0', true)",
  "semver('1.2.3').major() == 1 && semver('1.2.3').minor() == 2 && semver('1.2.3').patch() == 3",
  "semver('1.2.3').isLessThan(semver('1.10.0'))",
  "semver('1.0.0-alpha.1').isLessThan(semver('1.0.0')) && semver('1.0.0-alpha.2').isGreaterThan(semver('1.0.0-alpha.1'))",
  "semver('1.0.0').compareTo(semver('1.0.0')) == 0 && semver('v1.2', true) == semver('1.2.0')",
  "!format.dns1123Label().validate('my-label').hasValue()",
  "format.dns1123Label().validate('contains a space').hasValue()",
  "!format.named('qualifiedName').value().validate('example.com/a_b').hasValue()",
  "!format.named('nothing').hasValue()",
  "!format.dns1123SubdomainPrefix().validate('prefix-').hasValue()",
  "!format.labelValue().validate('').hasValue() && format.uuid().validate('x').hasValue()",
  'sets.contains([1, 2, 3], [2]) && !sets.contains([1], [1, 2])',
  "sets.equivalent(['a', 'b'], ['b', 'a', 'a']) && sets.intersects([1, 2], [2, 3])",
  "'%s has %d of %.1f'.format(['ann', 3, 2.5]) == 'ann has 3 of 2.5'",
  "'%x %X %b %o'.format([255, 255, 5, 8]) == 'ff FF 101 10'",
  'strings.quote("a\\"b\\n") == "\\"a\\\\\\"b\\\\n\\""',
  "quantity('1Gi').isGreaterThan(quantity('1G')) && isQuantity('50k') && !isQuantity('x')",
])('%s', (text) => {
  const program = environment.parse(text);
  const { valid, error } = program.check();
  expect(valid, error?.message).toBe(true);
  expect(program({})).toBe(true);
});

it.each(["ip('x').family() == 4", "cidr('x').prefixLength() == 1", "semver('1').major() == 1"])(
  '%s fails',
  (text) => {
    expect(() => environment.parse(text)({}) as unknown).toThrow();
  },
);
