import { ApiError } from '../apiserver/ApiError.ts';
import type { KubeClient, ResourceRef } from '../client/KubeClient.ts';
import { Counter } from './Counter.ts';
import { Histogram } from './Histogram.ts';
import type { Sample } from './metrics.ts';

const bounds = [
  ...[0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8],
  ...[10, 15, 20, 30, 45, 60],
];

/**
 * The requests of one component to the API. KubeVirt: pkg/monitoring/metrics/common/client (d923fdb). What the
 * informers read is shared by components, and counted for none.
 */
export class RestRequests {
  readonly #results = new Counter('kubevirt_rest_client_requests_total');
  readonly #latency = new Histogram('kubevirt_rest_client_request_latency_seconds', bounds);

  samples(): Sample[] {
    return [...this.#results.samples(), ...this.#latency.samples()];
  }

  /** The same client, whose requests are counted. */
  counting(client: KubeClient): KubeClient {
    const sent = <T>(method: string, verb: string, of: ResourceRef, answer: Promise<T>) =>
      this.#count({ method, verb, of }, answer);
    return {
      get: (of, ...rest) => sent('GET', 'get', of, client.get(of, ...rest)),
      list: (of, ...rest) => sent('GET', 'list', of, client.list(of, ...rest)),
      create: (of, ...rest) => sent('POST', 'create', of, client.create(of, ...rest)),
      update: (of, ...rest) => sent('PUT', 'update', of, client.update(of, ...rest)),
      updateStatus: (of, ...rest) => sent('PUT', 'update', of, client.updateStatus(of, ...rest)),
      patch: (of, ...rest) => sent('PATCH', 'patch', of, client.patch(of, ...rest)),
      delete: (of, ...rest) => sent('DELETE', 'delete', of, client.delete(of, ...rest)),
      watch: (...of) => client.watch(...of),
    };
  }

  async #count<T>(
    { method, verb, of }: { method: string; verb: string; of: ResourceRef },
    answer: Promise<T>,
  ): Promise<T> {
    const begin = performance.now();
    const end = (code: number) => {
      this.#results.add({ code: String(code), method, resource: of.plural, verb });
      const url = `/${of.group === '' ? 'api' : `apis/${of.group}`}/${of.version}/${of.plural}`;
      this.#latency.observe({ verb: method, url }, (performance.now() - begin) / 1000);
    };
    try {
      const given = await answer;
      end(verb === 'create' ? 201 : 200);
      return given;
    } catch (error) {
      if (error instanceof ApiError) end(error.status.code);
      throw error;
    }
  }
}
