import { kubernetesRefs } from '../../../contract.ts'
import { podScale } from './pod-scale.ts'

/** A Deployment by its scale. */
export const deployment = podScale(kubernetesRefs.Deployment, 'Deployment', 'deployments')
