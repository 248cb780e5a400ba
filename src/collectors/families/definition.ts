// The definition of a metric family.

export interface MetricDefinition {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly help: string;
  /** Labels of the family; `scope` adds those that identify node and container. */
  readonly labels: readonly string[];
  /**
   * node and agent: machine_id, system_uuid. container: these and container_id. self: none; these families are in the
   * registry of self-metrics and not in a pass.
   */
  readonly scope: 'node' | 'agent' | 'container' | 'self';
  /** Upper bounds of a histogram's buckets in growing order, without +Inf; absent in other types. */
  readonly buckets?: readonly number[];
  readonly unit: string;
  /** The condition under which the family is present, for docs/metrics.md. */
  readonly emittedWhen: string;
}

/** The condition for families of a running container. */
export const containerLive = 'the container runs, has reached the minimum age and does not share its root process';
