import type { Command } from 'commander'
import { dataDirOf, readSandboxAccess } from '../runtime/index.ts'
import type { SceneView } from '../scenes/contract.ts'
import { listScenes, startScene, stopScene } from '../scenes/index.ts'
import type { Enter } from './enter.ts'

/** Adds `infrasage sandbox scene list`, `start` and `stop`. */
export function registerSceneCommands(sandbox: Command, enter: Enter): void {
  const scene = sandbox.command('scene').description('Play a scene of the simulated cloud')
  scene
    .command('list')
    .description('Every scene, its story, and how its newest run stands')
    .option('--json', 'print the list as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const listing = await enter((ctx) => listScenes({ ctx }, access()))
      if (json) process.stdout.write(`${JSON.stringify(listing)}\n`)
      else if (listing.available) process.stdout.write(`${listing.scenes.map(inWords).join('\n')}\n`)
      else process.stdout.write(`${listing.why}\n`)
    })
  const verb = (name: 'start' | 'stop', description: string, run: typeof startScene) =>
    scene
      .command(`${name} <scene>`)
      .description(description)
      .option('--json', 'print the scene as JSON')
      .action(async (chosen: string, { json }: { json?: boolean }) => {
        const view = await enter((ctx) => run({ ctx, input: { scene: chosen } }, access()))
        process.stdout.write(`${json ? JSON.stringify(view) : inWords(view)}\n`)
      })
  verb('start', 'Declare what the scene has, and let it send its past and its present', startScene)
  verb('stop', 'End the scene; its workloads are over, what was decided stays in the log', stopScene)
}

function access() {
  return readSandboxAccess(dataDirOf(process.env))
}

function inWords({ name, title, story, state, run, startedAt, workloads, note }: SceneView): string {
  const since = state === 'running' && startedAt !== null ? ` since ${startedAt}` : ''
  const what = workloads.map((workload) => workload.name).join(', ')
  return [
    `${name}  ${state}${since}${run > 0 ? `, run ${run}` : ''}`,
    `  ${title}: ${story}`,
    ...(what ? [`  workloads: ${what}`] : []),
    ...(note ? [`  ${note}`] : []),
  ].join('\n')
}
