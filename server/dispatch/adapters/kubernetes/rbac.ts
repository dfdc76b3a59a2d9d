import { stringify } from 'yaml'
import { parseInput } from '../../../kernel/parse.ts'
import { type KubernetesRef, kubernetesRef, type RightsOptions } from '../../contract.ts'
import { discoveryGrants, type Grant, grantsFor } from './grants.ts'

const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1' }
const labels = { 'app.kubernetes.io/managed-by': 'infrasage' }
const ours = { namespace: 'infrasage', name: 'infrasage' }

/**
 * Manifests that grant exactly what these targets need: a role for each namespace, one for what belongs to the cluster, and, if asked
 * for, one for finding targets; each bound to whom the connection is. The same targets give the same text.
 * @throws InvalidInputError for an object of a kind that is none
 */
export function rbacManifest(mapped: readonly KubernetesRef[], options: RightsOptions): string {
  const refs = [...mapped, ...options.also.map(refOf)]
  const { user, serviceAccount = ours, discovery } = options
  const subject =
    user === undefined
      ? { kind: 'ServiceAccount', ...serviceAccount }
      : { kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: user }
  const grants = grantsFor(refs)
  const namespaces = [...new Set(grants.flatMap(({ namespace }) => namespace ?? []))].sort()
  const clusterWide = grants.filter(({ namespace }) => namespace === null)
  const objects = [
    ...(user === undefined
      ? [{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { ...serviceAccount, labels } }]
      : []),
    ...namespaces.flatMap((namespace) =>
      role(
        'infrasage-targets',
        grants.filter((grant) => grant.namespace === namespace),
        subject,
        namespace,
      ),
    ),
    ...(clusterWide.length > 0 ? role('infrasage-targets', clusterWide, subject, null) : []),
    ...(discovery ? role('infrasage-discovery', discoveryGrants(), subject, null) : []),
  ]
  const text = objects.map((object) => stringify(object, { aliasDuplicateObjects: false, lineWidth: 0 }))
  return `${heading(mapped.length, options)}${text.join('---\n')}`
}

function heading(targets: number, { user, serviceAccount = ours, also, discovery }: RightsOptions): string {
  const objects = also.length === 0 ? '' : ` and ${counted(also.length, 'object')} to be mapped`
  const nothing =
    targets + also.length === 0 && !discovery
      ? [
          'It has no targets yet, so no right is granted: name what is to become one (--also), or ask for finding targets (--discovery).',
        ]
      : []
  const account =
    user === undefined
      ? [
          `The namespace ${serviceAccount.namespace} has to be there: kubectl create namespace ${serviceAccount.namespace}`,
          'How to make a kubeconfig of the account: docs/running.md.',
        ]
      : []
  const lines = [
    `What InfraSage needs for ${counted(targets, 'target')}${objects}, and nothing more.`,
    ...nothing,
    ...account,
  ]
  return lines.map((line) => `# ${line}\n`).join('')
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

function refOf(label: string): KubernetesRef {
  const [namespace, kind, name] = label.split('/')
  return parseInput(kubernetesRef, { namespace, kind, name }, `object "${label}"`)
}

function role(name: string, grants: readonly Grant[], subject: object, namespace: string | null) {
  const scope = namespace === null ? 'Cluster' : ''
  const metadata = { name, ...(namespace === null ? {} : { namespace }), labels }
  const rules = grants.map(({ group, resource, verbs, names }) => ({
    apiGroups: [group],
    resources: [resource],
    ...(names === null ? {} : { resourceNames: names }),
    verbs,
  }))
  return [
    { ...rbac, kind: `${scope}Role`, metadata, rules },
    {
      ...{ ...rbac, kind: `${scope}RoleBinding`, metadata },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: `${scope}Role`, name },
      subjects: [subject],
    },
  ]
}
