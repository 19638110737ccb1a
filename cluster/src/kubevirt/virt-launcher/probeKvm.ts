import { spawn } from 'node:child_process';
import { access, constants, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const LOAD_ADDRESS = 0x100000;
const DEBUG_EXIT_VALUE = 0x2a;
/** isa-debug-exit ends QEMU with (value << 1) | 1. */
const EXPECTED_EXIT = (DEBUG_EXIT_VALUE << 1) | 1;
const TIMEOUT_MS = 2000;

/**
 * The guest: 32-bit entry, page tables at 2 MiB (fresh guest memory is zero), long mode, then the
 * interval timer is started and must be seen to count before the exit port is written. A guest that
 * only writes to the exit port passes on hosts where KVM opens but cannot run a real kernel (nested
 * virtualisation that is half there), so paging, model registers and the timer are all used.
 */
const PROGRAM = [
  'fa', //                         cli
  'c7 05 00002000 03102000', //    mov [0x200000], PDPT | present, writable
  'c7 05 00102000 03202000', //    mov [0x201000], page directory | present, writable
  'c7 05 00202000 83000000', //    mov [0x202000], one page of 2 MiB at 0
  '0f20e0 83c820 0f22e0', //       cr4 |= PAE
  'b800002000 0f22d8', //          cr3 = 0x200000
  'b9800000c0 0f32', //            rdmsr EFER
  '0d00010000 0f30', //            wrmsr EFER | LME
  '0f20c0 0d00000080 0f22c0', //   cr0 |= PG
  '0f0115 b0001000', //            lgdt [0x1000b0]
  'ea 77001000 0800', //           ljmp 8:0x100077, 64-bit from here
  'b034 e643 b0ff e640 e640', //   timer 0: rate generator, count 0xffff
  'b000 e643 e440 88c3 e440', //   latch, first reading to bl
  'b000 e643 e440 88c2 e440', //   latch, next reading to dl
  '38da 74f2', //                  again while equal
  'b02a e6f4', //                  write 0x2a to the exit port
  'f4 ebfd', //                    hlt for ever
  '0000000000000000', //           GDT: null
  '00000000009a2000', //           GDT: 64-bit code
  '0f00 a0001000', //              GDT register: limit, address
].join('');

/** A multiboot image (Multiboot Specification 0.6.96, section 3.1) with its load addresses in the header. */
export function probeImage(): Buffer {
  const code = Buffer.from(PROGRAM.replaceAll(/\s/g, ''), 'hex');
  const header = Buffer.alloc(32);
  const magic = 0x1badb002;
  const flags = 0x10000;
  const end = LOAD_ADDRESS + header.length + code.length;
  const words = [
    magic,
    flags,
    (0x1_0000_0000 - magic - flags) >>> 0,
    LOAD_ADDRESS,
    LOAD_ADDRESS,
    end,
    end,
    LOAD_ADDRESS + header.length,
  ];
  words.forEach((word, index) => header.writeUInt32LE(word, index * 4));
  return Buffer.concat([header, code]);
}

let answer: Promise<boolean> | undefined;

/**
 * Whether KVM runs guests on this machine. Found out by running one (at most two seconds), once in the
 * life of the process.
 */
export function probeKvm(qemu: string): Promise<boolean> {
  answer ??= runProbe(qemu);
  return answer;
}

async function runProbe(qemu: string): Promise<boolean> {
  const allowed = await access('/dev/kvm', constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
  return allowed && runsProbe(qemu, ['-accel', 'kvm', '-cpu', 'host']);
}

/** Runs the probe's guest with the given accelerator; true when it reached its end in time. */
export async function runsProbe(qemu: string, accelerator: string[]): Promise<boolean> {
  const directory = await mkdtemp(join(tmpdir(), 'virtdeck-kvm-'));
  try {
    const image = join(directory, 'probe');
    await writeFile(image, probeImage());
    return await exitsAsExpected(qemu, [
      ...['-nodefaults', '-no-user-config', '-display', 'none', '-machine', 'q35', '-m', '16M'],
      ...accelerator,
      ...['-device', 'isa-debug-exit,iobase=0xf4,iosize=4', '-kernel', image],
    ]);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function exitsAsExpected(qemu: string, args: string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(qemu, args, { stdio: 'ignore' });
    const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
    // A guest stuck in the kernel may not even die of SIGKILL: the answer does not wait for it.
    const verdict = setTimeout(() => resolve(false), TIMEOUT_MS + 500);
    const finish = (works: boolean): void => {
      clearTimeout(timer);
      clearTimeout(verdict);
      resolve(works);
    };
    child.once('error', () => finish(false));
    child.once('exit', (code) => finish(code === EXPECTED_EXIT));
  });
}
