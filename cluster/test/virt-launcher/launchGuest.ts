import type { DomainSpec } from '../../src/kubevirt/virt-launcher/GuestRuntime.ts';
import { QemuRuntime } from '../../src/kubevirt/virt-launcher/QemuRuntime.ts';

// A program that starts a guest and is then killed: node launchGuest.ts DIRECTORY SPEC
const [directory = '', spec = ''] = process.argv.slice(2);
const runtime = await QemuRuntime.create();
const guest = await runtime.launch(directory, JSON.parse(spec) as DomainSpec);
process.stdout.write(`launched ${guest.pid ?? ''}\n`);
setInterval(() => undefined, 1000);
