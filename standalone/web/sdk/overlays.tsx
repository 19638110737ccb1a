import {
  type ComponentType,
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useState,
} from 'react';

type Launch = <Props extends object>(component: ComponentType<Props>, props: Props) => () => void;

const LaunchContext = createContext<Launch | undefined>(undefined);

/** Holds what plugins open over the page; it is below the contexts that pages have. */
export function OverlayProvider({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState<readonly { id: number; element: ReactNode }[]>([]);
  const launch = useCallback<Launch>((Component, props) => {
    const id = nextId++;
    setOpen((others) => [...others, { id, element: <Component key={id} {...props} /> }]);
    return () => setOpen((others) => others.filter((other) => other.id !== id));
  }, []);
  return (
    <LaunchContext.Provider value={launch}>
      {children}
      {open.map(({ element }) => element)}
    </LaunchContext.Provider>
  );
}

let nextId = 1;

function useLaunch(): Launch {
  const launch = useContext(LaunchContext);
  if (!launch) throw new Error('useOverlay and useModal work only on pages of the console.');
  return launch;
}

export type OverlayComponent<Props = object> = ComponentType<Props & { closeOverlay: () => void }>;
export type ModalComponent<Props = object> = ComponentType<Props & { closeModal: () => void }>;

/** Gives a function that shows a component over the page until it calls its `closeOverlay`. */
export function useOverlay(): <Props extends object>(
  component: OverlayComponent<Props>,
  props: Props,
) => void {
  const launch = useLaunch();
  return useCallback(
    (component, props) => {
      const close: () => void = launch(component, { ...props, closeOverlay: () => close() });
    },
    [launch],
  );
}

/** The older form of useOverlay; the component closes itself by `closeModal`. */
export function useModal(): <Props extends object>(
  component: ModalComponent<Props>,
  props?: Props,
  id?: string,
) => void {
  const launch = useLaunch();
  return useCallback(
    (component, props) => {
      const close: () => void = launch(component as ComponentType<object>, {
        ...props,
        closeModal: () => close(),
      });
    },
    [launch],
  );
}
