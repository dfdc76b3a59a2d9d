/** Sums of binary fractions miss whole numbers by a little; rounding forgives this much. */
const TOLERANCE = 1e-9

/** Smallest whole number not below `x`, forgiving an error of 1e-9. */
export const ceilTolerant = (x: number): number => Math.ceil(x - TOLERANCE)

/** Largest whole number not above `x`, forgiving an error of 1e-9. */
export const floorTolerant = (x: number): number => Math.floor(x + TOLERANCE)
