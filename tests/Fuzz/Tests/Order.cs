// Runs share the buffer pool, whose balance each of them checks.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
