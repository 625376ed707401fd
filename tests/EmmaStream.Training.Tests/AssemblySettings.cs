// libtorch's threads and its tensor count belong to the process, and it uses all cores by itself.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]
