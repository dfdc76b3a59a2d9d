import { type KubernetesKind, kubernetesRefs } from '../../server/dispatch/contract.ts'

/** What is set at an object of each kind, in a few words. */
export const kindWords: Record<KubernetesKind, string> = {
  ClusterQueue: 'Kueue: a quota of one resource',
  CronJob: 'whether it starts Jobs',
  Deployment: 'its replicas',
  HorizontalPodAutoscaler: 'its minimum replicas',
  InferenceService: 'KServe: minimum replicas of the predictor',
  Job: 'whether it runs',
  KnativeService: 'Knative: its minimum scale',
  MachineDeployment: 'Cluster API: nodes of a pool',
  NodePool: 'Karpenter: a limit, counted in nodes',
  Scale: 'anything else with a scale subresource',
  ScaledObject: 'KEDA: its minimum replicas',
  SeldonDeployment: 'Seldon Core 1: its replicas',
  SeldonModel: 'Seldon Core 2: replicas of a model',
  SeldonServer: 'Seldon Core 2: replicas of a server',
  StatefulSet: 'its replicas',
}

export const everyKind = Object.keys(kindWords) as KubernetesKind[]

type RefField = { label: string; hint?: string; example?: string; choices?: readonly string[] }

/** The parts of a reference, in the order in which they are asked for. */
const fields: Record<string, RefField> = {
  group: { label: 'API group', example: 'argoproj.io' },
  version: { label: 'Version', example: 'v1alpha1' },
  plural: { label: 'Resource', hint: 'Its plural, as in kubectl api-resources.', example: 'rollouts' },
  namespace: { label: 'Namespace' },
  name: { label: 'Name' },
  flavor: { label: 'Flavor', hint: 'The ResourceFlavor whose quota is set.', example: 'h100' },
  resource: { label: 'Resource', hint: 'The one that is limited.', example: 'nvidia.com/gpu' },
  perNode: { label: 'One node has', hint: 'A quantity of it, such as 8 or 64Gi.', example: '8' },
  perReplica: { label: 'One replica takes', hint: 'A quantity of it, such as 1 or 64Gi.', example: '1' },
  ready: {
    label: 'Counted as ready by',
    hint: 'The field of its status.',
    choices: ['readyReplicas', 'availableReplicas', 'replicas'],
  },
}

/** What has to be known to name an object of a kind. */
export function fieldsOf(kind: KubernetesKind): (RefField & { part: string })[] {
  const { shape } = kubernetesRefs[kind]
  return Object.entries(fields).flatMap(([part, field]) => {
    if (!(part in shape)) return []
    if (part === 'namespace' && kind === 'Scale')
      return [{ part, ...field, hint: 'Empty for what belongs to the whole cluster.' }]
    return [{ part, ...field, ...(part === 'name' ? { label: `Name of the ${kindTitle(kind)}` } : {}) }]
  })
}

const kindTitle = (kind: KubernetesKind): string => (kind === 'Scale' ? 'object' : kind)

/** The reference that was filled in, and what is wrong with its parts. */
export function refOf(
  kind: KubernetesKind,
  texts: Readonly<Record<string, string>>,
): { ref: Record<string, string>; wrong: Record<string, string> } {
  const parts = fieldsOf(kind).map(({ part, choices }) => {
    const text = (texts[part] ?? '').trim()
    return [part, text || (choices?.[0] ?? '')] as const
  })
  const ref = { kind, ...Object.fromEntries(parts) }
  const { error } = kubernetesRefs[kind].safeParse(ref)
  const wrong = (error?.issues ?? []).map(({ path, message }) => [path.join('.'), message] as const)
  // Of several faults of one part the first says best what it is.
  return { ref, wrong: Object.fromEntries(wrong.toReversed()) }
}
