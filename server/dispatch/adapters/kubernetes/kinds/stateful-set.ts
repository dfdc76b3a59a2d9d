import { kubernetesRefs } from '../../../contract.ts'
import { podScale } from './pod-scale.ts'

/** A StatefulSet by its scale. */
export const statefulSet = podScale(kubernetesRefs.StatefulSet, 'StatefulSet', 'statefulsets')
