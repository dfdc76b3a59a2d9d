type Definition = {
  group: string
  versions: [string, ...string[]]
  kind: string
  plural: string
  scope?: 'Namespaced' | 'Cluster'
  scale?: boolean
}

/**
 * The kinds that clusters have by their operators, in our own words: names, versions, scope and subresources after the vendors'
 * API references, and of their fields that anything goes. Small on purpose: what an operator validates is not tried here.
 */
const definitions: Definition[] = [
  {
    group: 'cluster.x-k8s.io',
    versions: ['v1beta1'],
    kind: 'MachineDeployment',
    plural: 'machinedeployments',
    scale: true,
  },
  { group: 'karpenter.sh', versions: ['v1'], kind: 'NodePool', plural: 'nodepools', scope: 'Cluster' },
  { group: 'keda.sh', versions: ['v1alpha1'], kind: 'ScaledObject', plural: 'scaledobjects' },
  {
    group: 'kueue.x-k8s.io',
    versions: ['v1beta1', 'v1beta2'],
    kind: 'ClusterQueue',
    plural: 'clusterqueues',
    scope: 'Cluster',
  },
  {
    group: 'leaderworkerset.x-k8s.io',
    versions: ['v1'],
    kind: 'LeaderWorkerSet',
    plural: 'leaderworkersets',
    scale: true,
  },
  {
    group: 'machinelearning.seldon.io',
    versions: ['v1'],
    kind: 'SeldonDeployment',
    plural: 'seldondeployments',
    scale: true,
  },
  { group: 'mlops.seldon.io', versions: ['v1alpha1'], kind: 'Model', plural: 'models' },
  { group: 'mlops.seldon.io', versions: ['v1alpha1'], kind: 'Server', plural: 'servers' },
  { group: 'serving.knative.dev', versions: ['v1'], kind: 'Service', plural: 'services' },
  {
    group: 'serving.kserve.io',
    versions: ['v1beta1'],
    kind: 'InferenceService',
    plural: 'inferenceservices',
  },
]

/** Manifests of CustomResourceDefinitions for all of them. */
export const crds = definitions.map(({ group, versions, kind, plural, scope = 'Namespaced', scale }) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: `${plural}.${group}`,
    // The API server keeps names under *.k8s.io for kinds that were reviewed.
    annotations: { 'api-approved.kubernetes.io': 'unapproved, for tests alone' },
  },
  spec: {
    group,
    scope,
    names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
    versions: versions.map((name, index) => ({
      name,
      served: true,
      storage: index === 0,
      schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      subresources: {
        status: {},
        ...(scale
          ? { scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } }
          : {}),
      },
    })),
  },
}))
