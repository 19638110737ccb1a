import type { Service } from '../../client/resources.ts';
import { invalid } from '../ApiError.ts';
import type { AdmissionContext, ResourceDefinition } from '../ResourceDefinition.ts';
import type { ServiceAddresses } from './ServiceAddresses.ts';
import { serviceProblems } from './serviceProblems.ts';
import { setServiceDefaults } from './serviceRules.ts';

const kind = { group: '', kind: 'Service' };

/** Services with their defaults and rules, and with the addresses and ports that they are given. */
export function withServiceAddresses(
  definition: ResourceDefinition,
  addresses: ServiceAddresses,
): ResourceDefinition {
  return {
    ...definition,
    admission: {
      mutate(context) {
        // The parse boundary: objects of this resource are services.
        admitService(context as AdmissionContext<Service>, addresses);
      },
    },
  };
}

/** 422 for a service that breaks a rule or asks for what another one has. */
function admitService(context: AdmissionContext<Service>, addresses: ServiceAddresses): void {
  if (context.operation === 'DELETE' || context.subresource !== '') return;
  const { object: service, oldObject: old, name, dryRun } = context;
  if (context.operation === 'CREATE') service.status = { loadBalancer: {} };
  setServiceDefaults(service, old);
  const problems = serviceProblems(service, old);
  if (problems.length > 0) throw invalid(kind, name, problems);
  const refused = addresses.allocate(service, dryRun);
  if (refused.length > 0) throw invalid(kind, name, refused);
  const other = (service.spec.ports ?? []).filter(({ protocol }) => protocol !== 'TCP');
  for (const { port, protocol = '' } of other) {
    context.warn(`port ${port}/${protocol} is kept but not forwarded: only TCP is here`);
  }
}
