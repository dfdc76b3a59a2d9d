export type Placed = { x: number; y: number }
type Box = { left: number; top: number; right: number; bottom: number }

const angles = [-90, 90, -45, 45, -135, 135, 0, 180].map((degrees) => (degrees * Math.PI) / 180)
const rings = 9

/**
 * Where a mark of `size` × `size` pixels beside each point goes, so that no two lie on each other, nor on a point: the first free place on
 * growing rings around it. Where a box is too full for that, the place that is farthest from all others.
 */
export function placeMarks(points: readonly Placed[], box: Box, size: number): Placed[] {
  const half = size / 2
  const placed: Placed[] = []
  for (const point of points) {
    const candidates = Array.from({ length: rings }, (_, ring) =>
      angles.map((angle) => ({
        x: point.x + (ring + 1) * (size * 0.9) * Math.cos(angle),
        y: point.y + (ring + 1) * (size * 0.9) * Math.sin(angle),
      })),
    )
      .flat()
      .filter(
        ({ x, y }) =>
          x - half >= box.left && x + half <= box.right && y - half >= box.top && y + half <= box.bottom,
      )
    const free = candidates.find(
      (at) =>
        placed.every((other) => apart(at, other) >= size) &&
        points.every((other) => apart(at, other) >= half + 3),
    )
    const roomiest = candidates.toSorted((a, b) => nearest(b, placed) - nearest(a, placed))[0]
    placed.push(free ?? roomiest ?? point)
  }
  return placed
}

/** Squares that are this far apart in one direction do not overlap. */
const apart = (a: Placed, b: Placed): number => Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y))

const nearest = (at: Placed, placed: readonly Placed[]): number =>
  Math.min(...placed.map((other) => apart(at, other)))
