// What a metric family is.

export interface MetricDefinition {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly help: string;
  /** Labels of its own; `scope` adds those that tell node and container. */
  readonly labels: readonly string[];
  /** node and agent: machine_id, system_uuid. container: these and container_id. self: none; these families are in the registry of self-metrics and not in a pass. */
  readonly scope: 'node' | 'agent' | 'container' | 'self';
  /** Upper bounds of a histogram's buckets in growing order, without the one above all; absent in other types. */
  readonly buckets?: readonly number[];
  readonly unit: string;
  /** For people: the condition of its appearance. */
  readonly emittedWhen: string;
}

/** For people: when the families of a running container appear. */
export const containerLive = 'the container runs, has reached the minimal age and does not share its root process';
