/** The domain of a cluster's services. */
const clusterDomain = 'cluster.local';
/** Where the name server of a guest looks for a name that is not whole, as the kubelet sets it for pods. */
export const searchDomains = (namespace: string) => [
  `${namespace}.svc.${clusterDomain}`,
  `svc.${clusterDomain}`,
  clusterDomain,
];

const headerBytes = 12;
const addressType = 1;
const internetClass = 1;
const ttlSeconds = 5;
const mostAnswers = 25;
const code = { none: 0, noSuchName: 3 } as const;

interface Question {
  name: string;
  type: number;
  /** Where it ends. */
  end: number;
}

/**
 * The answer to a question about the cluster's domain; undefined for any other, which is not ours to answer.
 * `resolve` gives the addresses of a name, undefined when there is none (RFC 1035).
 */
export function answerDns(
  query: Buffer,
  resolve: (name: string) => readonly number[] | undefined,
): Buffer | undefined {
  const question = readQuestion(query);
  if (!question || !`.${question.name}`.endsWith(`.${clusterDomain}`)) return undefined;
  const found = resolve(question.name);
  const asked = question.type === addressType ? (found ?? []) : [];
  const answers = asked.slice(0, mostAnswers).map(addressRecord);
  const header = Buffer.alloc(headerBytes);
  query.copy(header, 0, 0, 2);
  // An answer with authority; recursion as it was desired.
  const recursion = query.readUInt16BE(2) & 0x0100;
  header.writeUInt16BE(0x8480 | recursion | (found ? code.none : code.noSuchName), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(answers.length, 6);
  return Buffer.concat([header, query.subarray(headerBytes, question.end), ...answers]);
}

/** The one question of a query; undefined when it is none. */
function readQuestion(query: Buffer): Question | undefined {
  if (query.length < headerBytes || (query.readUInt16BE(2) & 0xf800) !== 0) return undefined;
  if (query.readUInt16BE(4) !== 1) return undefined;
  const labels: string[] = [];
  let at = headerBytes;
  for (;;) {
    const length = query[at];
    // Names in a question are not compressed.
    if (length === undefined || length > 63) return undefined;
    at += 1;
    if (length === 0) break;
    labels.push(query.toString('latin1', at, at + length));
    at += length;
  }
  if (query.length < at + 4 || query.readUInt16BE(at + 2) !== internetClass) return undefined;
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at), end: at + 4 };
}

/** For the name of the question, which stands right after the header. */
function addressRecord(address: number): Buffer {
  const record = Buffer.alloc(16);
  record.writeUInt16BE(0xc000 | headerBytes, 0);
  record.writeUInt16BE(addressType, 2);
  record.writeUInt16BE(internetClass, 4);
  record.writeUInt32BE(ttlSeconds, 6);
  record.writeUInt16BE(4, 10);
  record.writeUInt32BE(address, 12);
  return record;
}
