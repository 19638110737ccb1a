import { readFile } from 'node:fs/promises';

/** Milliseconds that the processors have worked for a process since its start. */
export async function processorTime(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name of the program, in parentheses, may contain spaces. The kernel counts in hundredths of a second.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

/**
 * Resident memory of a process in bytes: what it holds itself, and the pages of files that it has mapped, which
 * the kernel takes back when another needs the memory. `proportional` counts what it shares with others by its
 * part of them.
 */
export async function residentMemory(pid: number): Promise<{
  resident: number;
  anonymous: number;
  file: number;
  proportional: number;
}> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const shared = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const of = (name: string, text = status) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) * 1024;
  return {
    resident: of('VmRSS'),
    anonymous: of('RssAnon'),
    file: of('RssFile'),
    proportional: of('Pss', shared),
  };
}
