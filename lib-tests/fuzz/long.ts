/** Loaded before the tests by `npm run test:fuzz`: much, and from a seed of the moment. */
process.env.GLASS_HOUSE_FUZZ_SEED ??= String(Date.now() % 2 ** 31);
process.env.GLASS_HOUSE_FUZZ_RUNS ??= "1000";
