import { consoleTransport } from '~/console/http';
import { browserClock } from '~/k8s/Clock';
import { WatchStore } from '~/k8s/WatchStore';

/** The page's one store: all features share its streams. */
export const watchStore = new WatchStore(consoleTransport, browserClock);
