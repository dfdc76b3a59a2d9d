import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { approve } from '../governance/index.ts'
import { createScene, type Scene, seenOf } from '../governance/testing/scene.ts'
import { createTestDatabase, type TestDatabase } from '../runtime/testing/index.ts'
import { at } from './adapters/kubernetes/object.ts'
import { sealConfig } from './connection-config.ts'
import type { KubernetesRef } from './contract.ts'
import { getDispatch, observeTargets, runDispatch } from './index.ts'
import { type Cluster, realCluster } from './testing/cluster.ts'
import {
  connectCluster,
  createDeploymentScene,
  type DeploymentScene,
  deploymentsOf,
} from './testing/deployments.ts'
import { namespace, samples } from './testing/kind-samples.ts'
import { type KubeApiServer, kubeAssets, startKubeApiServer } from './testing/kube-apiserver.ts'
import { everyTick, type Ticking } from './testing/ticking.ts'

const assets = kubeAssets()

if (assets === null) {
  test.skip('beside autoscalers and GitOps: skipped, because KUBEBUILDER_ASSETS names no folder with kube-apiserver and etcd', () =>
    undefined)
} else {
  describe('beside others that write the same field, on the real API server', () => besideOthers(assets))
}

/** An autoscaler looks every 15 s and GitOps every 5 s; here a second takes ten milliseconds. */
const hpaMs = 150
const gitOpsMs = 50

function besideOthers(folder: string): void {
  let server: KubeApiServer
  let cluster: Cluster
  let database: TestDatabase
  let scene: Scene
  let others: Ticking[]

  beforeAll(async () => {
    database = await createTestDatabase()
    server = await startKubeApiServer(folder)
    cluster = await realCluster(server)
  }, 120_000)
  afterAll(async () => {
    await server?.close()
    await database.dispose()
  })
  beforeEach(async () => {
    others = []
    scene = await createScene(database.db)
    await samples.Deployment.create(cluster, scene.name)
    await cluster.change(path(), { spec: { replicas: 6 } }, 'admin')
    return async () => {
      for (const other of others) await other.stop()
    }
  })

  const path = () => samples.Deployment.path(scene.name)
  const hpaPath = () => samples.HorizontalPodAutoscaler.path(scene.name)
  const replicas = async () => at(await cluster.read(path()), ['spec', 'replicas'])
  const ours = (of = path()) => cluster.writes(of, 'infrasage')

  /** The scene's pool is held by an object of the cluster from here on. */
  async function mapTo(ref: KubernetesRef): Promise<void> {
    const { connectionId } = await database.db.target.update({ where: { id: scene.targetId }, data: { ref } })
    const encryptedConfig = sealConfig(connectionId, { kubeconfig: server.adminKubeconfig })
    await database.db.connection.update({
      where: { id: connectionId },
      data: { adapter: 'kubernetes', encryptedConfig },
    })
    await look()
  }
  async function look(): Promise<void> {
    scene.clock.advance(1_000)
    expect(await observeTargets({ ctx: scene.system })).toMatchObject({ unseen: 0 })
  }
  async function approved(toReplicas: number): Promise<string> {
    const proposal = await scene.propose(toReplicas)
    const { id } = await approve({ ctx: await scene.person('operator'), input: seenOf(proposal) })
    scene.afterHold()
    return id
  }
  /** Delivers a decision so often that a fight would show, while the others go on. */
  async function deliver(decisionId: string): Promise<void> {
    for (let times = 0; times < 6; times++) {
      await runDispatch({ ctx: scene.system, input: { decisionId } })
      for (const other of others) await other.twice()
      scene.clock.advance(20_000)
    }
  }
  const view = (decisionId: string) => getDispatch({ ctx: scene.system, input: { decisionId } })
  const deployment = () => samples.Deployment.ref(scene.name)

  /** Holds the Deployment at what it wants, and never below its floor. */
  async function startAutoscaler(wanted: number): Promise<void> {
    await cluster.create(hpaPath(), {
      ...{ apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' },
      metadata: { name: scene.name, namespace },
      spec: {
        ...{ minReplicas: 6, maxReplicas: 20 },
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: scene.name },
      },
    })
    const tick = async () => {
      const floor = Number(at(await cluster.read(hpaPath()), ['spec', 'minReplicas']))
      const next = { spec: { replicas: Math.max(floor, wanted) } }
      await cluster.change(`${path()}/scale`, next, 'kube-controller-manager')
      await samples.Deployment.markReady(cluster, scene.name, Math.max(floor, wanted))
    }
    others.push(everyTick(hpaMs, tick))
  }

  test('what an autoscaler scales is handed over: not approved, and what was approved before is not written', async () => {
    await mapTo(deployment())
    const decisionId = await approved(10)
    await startAutoscaler(6)
    await deliver(decisionId)
    expect(await view(decisionId)).toMatchObject({
      state: 'failed',
      note: expect.stringMatching(/The HorizontalPodAutoscaler .* decides how many/),
    })
    await look()
    await expect(approved(10)).rejects.toThrow(/not ours to write.*Map its floor/)
    expect(await ours()).toBe(0)
    expect(await replicas()).toBe(6)
  })

  test('its floor is raised once, and the autoscaler goes along', async () => {
    await startAutoscaler(4)
    await mapTo(samples.HorizontalPodAutoscaler.ref(scene.name))
    const decisionId = await approved(10)
    await deliver(decisionId)
    expect(await view(decisionId)).toMatchObject({ state: 'verified' })
    expect(await ours(hpaPath())).toBe(1)
    expect(await ours()).toBe(0)
    expect(await replicas()).toBe(10)
  })

  test('what GitOps holds is refused: not approved, and never written', async () => {
    await mapTo(deployment())
    const revert = () => cluster.change(path(), { spec: { replicas: 6 } }, 'argocd-controller')
    // Something else is set first: a value that is the same takes no ownership of it.
    await cluster.change(path(), { spec: { replicas: 5 } }, 'argocd-controller')
    others.push(everyTick(gitOpsMs, revert))
    await others[0]?.twice()
    await look()
    await expect(approved(10)).rejects.toThrow(/not ours to write: Argo CD writes spec\.replicas/)
    expect(await ours()).toBe(0)
  })

  test('who reverts under a name that nobody knows is met once: one write, and then it is left to them', async () => {
    await mapTo(deployment())
    const decisionId = await approved(10)
    others.push(
      everyTick(gitOpsMs, () => cluster.change(path(), { spec: { replicas: 6 } }, 'a-script-of-ours')),
    )
    await deliver(decisionId)
    expect(await view(decisionId)).toMatchObject({ state: 'failed' })
    expect(await ours()).toBe(1)
    expect(await replicas()).toBe(6)
  })

  test('decisions that are each delivered ten times at once: one change each, verified when their controller made it', async () => {
    const deployments = await deploymentsOf(server.adminKubeconfig)
    const connectionId = await connectCluster(database.db, server.adminKubeconfig)
    const controller = deployments.runController(20)
    const decided: { scene: DeploymentScene; decisionId: string }[] = []
    for (let i = 0; i < 3; i++) {
      const scene = await createDeploymentScene(database.db, deployments, connectionId)
      await scene.see()
      decided.push({ scene, decisionId: await scene.approve(10) })
    }
    const deliver = ({ scene, decisionId }: (typeof decided)[number]) =>
      runDispatch({ ctx: scene.system, input: { decisionId } })
    await Promise.all(decided.flatMap((one) => Array.from({ length: 10 }, () => deliver(one))))
    for (const one of decided) {
      const verified = async () => {
        one.scene.clock.advance(20_000)
        await deliver(one)
        expect(await view(one.decisionId)).toMatchObject({ state: 'verified' })
      }
      await vi.waitFor(verified, { timeout: 20_000, interval: 20 })
      expect(await deployments.asked(one.scene.name)).toEqual({ replicas: 10, bumps: 1 })
    }
    await controller()
  })
}
