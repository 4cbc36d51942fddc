public import Platform

/// A planned image with what carries its steps out, for a `PlanRunner`.
public struct ImageBuild: Sendable {
    public let plan: Plan
    public let work: [String: any PlanWork]
    /// Where the runner keeps its journal, and its lock: one build at a time writes to a cache.
    public let journal: String

    /// - Parameters:
    ///   - refreshes: Packages are fetched anew, and everything is made again.
    ///   - release: The address of the folder where the image will be published; nil for one that will not.
    /// - Throws: `plan.invalid`, a fault of ours.
    public init(
        _ image: ImagePlan, facts: ImageFacts, commands: any CommandRunner, refreshes: Bool = false,
        release: String? = nil
    ) throws(Failure) {
        let runner = ImageActionRunner(commands: commands)
        var steps: [PlanStep] = []
        var work: [String: any PlanWork] = [:]
        for stage in image.stages {
            steps.append(PlanStep(stage.id, stage.summary, .work))
            work[stage.id] = StageWork(
                stage: stage, runner: runner, isRoot: facts.isRoot, isForced: refreshes)
        }
        steps.append(PlanStep("image", "Put the partitions together, and write what ships beside them.", .work))
        work["image"] = AssemblyWork(plan: image, version: facts.package.version)
        if let release {
            steps.append(PlanStep("release", "Compress it, with a manifest for Raspberry Pi Imager.", .work))
            work["release"] = ReleaseWork(plan: image, place: release, commands: commands)
        }
        plan = try Plan(steps)
        self.work = work
        journal = "\(facts.cache)/journal"
    }

    /// The stages whose products are in the cache.
    public func kept() async throws -> Set<String> {
        var kept: Set<String> = []
        for (id, step) in work where try await step.isDone() { kept.insert(id) }
        return kept
    }
}
