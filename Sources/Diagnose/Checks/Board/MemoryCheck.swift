import Hardware

/// Memory that programs can still have.
struct MemoryCheck: Check {
    let id = "board.memory"
    let title = "there is memory left"
    let needs: Set<Probe> = [.board]

    func judge(_ facts: Facts) -> [Judgement] {
        with(facts.board) { figures in
            guard let total = figures.value(.memoryTotal), total > 0, let free = figures.value(.memoryAvailable) else {
                return [.skipped("this board does not tell its memory")]
            }
            let said = "\((free / total * 100).shown) % of the memory is available (\((free / 1e6).shown) MB)."
            guard free / total < 0.1 else { return [.ok(said)] }
            let command = "ps -eo rss,comm --sort=-rss"
            let cause = "A program takes more than it should; the kernel ends programs when nothing is left."
            if free / total < 0.04 { return [.fail(said, cause: cause, do: "see which program it is", type: command)] }
            return [.warn(said, cause: cause, do: "see which program it is", type: command)]
        }
    }
}
