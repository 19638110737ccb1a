import { type Environment, Optional } from '@marcbachmann/cel-js';
import { fitsFormat } from '../schema/formats.ts';
import * as names from '../verbs/validateMetadata.ts';

/** A format of texts, and what it says of one that is not of it. */
class Format {
  constructor(readonly problems: (text: string) => string[]) {}
}

/** Stands for what is before the dot in `format.dns1123Label()`. */
class Formats {
  readonly prefix = 'format';
}

const of = 'kubernetes.NamedFormat';
const all = 'kubernetes.Formats';

const subdomain = new RegExp(`^${names.subdomain}$`);
const qualified = new RegExp(`^${names.qualifiedName}$`);

function texts(pattern: RegExp, limit: number, problem: string): Format {
  return new Format((text) => [
    ...(text.length > limit ? [`must be no more than ${limit} characters`] : []),
    ...(pattern.test(text) ? [] : [problem]),
  ]);
}

const dns1123Label =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const dns1123Subdomain =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const dns1035Label =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character";
const qualifiedName =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const labelValue =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/** A prefix of a name may end with a dash: it is followed by something. */
const prefixOf = (format: Format) => new Format((text) => format.problems(text.replace(/-$/, 'a')));
const ofSchema = (name: string, problem: string) =>
  new Format((text) => (fitsFormat(name, text) ? [] : [problem]));

const ofLabel = texts(new RegExp(`^${names.label}$`), 63, dns1123Label);
const ofSubdomain = texts(subdomain, 253, dns1123Subdomain);
const ofDns1035 = texts(/^[a-z]([-a-z0-9]*[a-z0-9])?$/, 63, dns1035Label);

const formats: Readonly<Record<string, Format>> = {
  dns1123Label: ofLabel,
  dns1123Subdomain: ofSubdomain,
  dns1035Label: ofDns1035,
  qualifiedName: new Format(qualifiedNameProblems),
  dns1123LabelPrefix: prefixOf(ofLabel),
  dns1123SubdomainPrefix: prefixOf(ofSubdomain),
  dns1035LabelPrefix: prefixOf(ofDns1035),
  labelValue: new Format((text) =>
    text === '' ? [] : texts(qualified, 63, labelValue).problems(text),
  ),
  uri: ofSchema('uri', 'must be a valid URI'),
  uuid: ofSchema('uuid', 'does not match the UUID format'),
  byte: ofSchema('byte', 'invalid base64'),
  date: ofSchema('date', 'invalid date'),
  datetime: ofSchema('date-time', 'invalid datetime'),
};

/** Functions of named formats: k8s.io/apiserver, pkg/cel/library/format.go (1.33). */
export function addFormats(environment: Environment): void {
  environment
    .registerType(of, { ctor: Format, fields: {} })
    .registerType(all, { ctor: Formats, fields: {} })
    .registerConstant('format', all, new Formats())
    .registerFunction(`${all}.named(string): optional<${of}>`, (_self: Formats, name: string) =>
      Object.hasOwn(formats, name) ? Optional.of(formats[name]) : Optional.none(),
    )
    .registerFunction(
      `${of}.validate(string): optional<list<string>>`,
      ({ problems }: Format, text: string) => {
        const found = problems(text);
        return found.length === 0 ? Optional.none() : Optional.of(found);
      },
    );
  for (const [name, format] of Object.entries(formats)) {
    environment.registerFunction(`${all}.${name}(): ${of}`, () => format);
  }
}

/** `example.com/name`: a prefix that is a subdomain is optional. */
function qualifiedNameProblems(text: string): string[] {
  const parts = text.split('/');
  if (parts.length > 2) return ['a qualified name has one slash at most'];
  const [name = '', prefix] = parts.reverse();
  return [
    ...(prefix === undefined
      ? []
      : texts(subdomain, 253, `prefix part ${dns1123Subdomain}`).problems(prefix)),
    ...texts(qualified, 63, qualifiedName).problems(name),
  ];
}
