import type { Context } from '../../kernel/context.ts'
import { createDomain, createOffering, listDomains } from '../../plan/index.ts'
import type { Scene } from '../../sandbox/contract.ts'

/** Declares the places of a scene and what they sell, as far as they are not known. */
export async function applyPlaces(ctx: Context, scene: Scene): Promise<void> {
  const known = await listDomains({ ctx })
  for (const { offerings, ...domain } of scene.domains) {
    const there = known.find(({ name }) => name === domain.name)
    const domainId = there?.id ?? (await createDomain({ ctx, input: { ...domain, sandbox: true } })).id
    for (const offering of offerings) {
      const sold = there?.offerings.some(
        ({ hardwareClass, market }) => hardwareClass === offering.hardwareClass && market === offering.market,
      )
      if (!sold) await createOffering({ ctx, input: { ...offering, domainId } })
    }
  }
}
