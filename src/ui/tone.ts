/**
 * How a state feels, apart from what it is called. `progress` is a state that changes by itself,
 * `neutral` one that is neither good nor bad.
 */
export type Tone = 'success' | 'info' | 'progress' | 'warning' | 'danger' | 'neutral';
