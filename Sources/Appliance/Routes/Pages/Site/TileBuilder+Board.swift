import Site

extension TileBuilder {
    /// The tiles of the computer itself: processor, supply, memory, file systems, disks, interfaces, GPUs.
    ///
    /// What this board cannot tell (`notPresent`) has no tile: it is no fault. What was there in the last 24 h, and is
    /// not now, is a drive that was pulled or a modem that is gone: that is told.
    func board(_ readings: [Reading]) -> [Tile] {
        let present = readings.filter {
            $0.noData?.reason != .notPresent || day[$0.metric].map { !$0.points.isEmpty } ?? false
        }
        let own = Dictionary(present.filter { $0.metric.instance == nil }.map { ($0.metric.quantity.rawValue, $0) }) {
            $1
        }
        let instances = Dictionary(grouping: present.filter { $0.metric.instance != nil }) { $0.metric.instance ?? "" }
        let single = [processor(own), supply(own), memory(own)].compactMap { $0 }
        return single
            + instances.sorted { $0.key < $1.key }.flatMap { name, readings in
                let byQuantity = Dictionary(readings.map { ($0.metric.quantity.rawValue, $0) }) { $1 }
                return [
                    fileSystem(name, byQuantity), disk(name, byQuantity), interface(name, byQuantity),
                    gpu(name, byQuantity),
                ].compactMap { $0 }
            }
    }

    private func processor(_ own: [String: Reading]) -> Tile? {
        let facts = self.facts(
            own, [("temperature", ""), ("cpu_usage", "in use"), ("load_1m", "load"), ("uptime", "up")])
        guard !facts.isEmpty else { return nil }
        let state: Tile.State? =
            if isSet(own, "throttled") {
                .init(level: .attention, words: "throttled now")
            } else if isSet(own, "throttled_since_boot") {
                .init(level: .attention, words: "was throttled since boot")
            } else {
                nil
            }
        return tile(name: "Processor", group: .board, facts: facts + hiddenFlags(own, ["throttled"]), state: state)
    }

    private func supply(_ own: [String: Reading]) -> Tile? {
        guard let now = own["under_voltage"] else { return nil }
        return tile(
            name: "Board supply", group: .board, facts: [supplyFact(now)], state: supplyState(own), hasLine: false)
    }

    private func supplyFact(_ now: Reading) -> Tile.Fact {
        var fact = self.fact(now)
        if let value = now.value { fact.figure = Figure(number: value >= 0.5 ? "too low" : "fine", unit: "") }
        return fact
    }

    private func supplyState(_ own: [String: Reading]) -> Tile.State {
        if isSet(own, "under_voltage") { return .init(level: .failed, words: "below 4.63 V now") }
        if isSet(own, "under_voltage_since_boot") { return .init(level: .attention, words: "was too low since boot") }
        return .init(level: .ok, words: "ok")
    }

    private func memory(_ own: [String: Reading]) -> Tile? {
        guard let available = own["memory_available"] else { return nil }
        let facts = [fact(available, label: "available")] + self.facts(own, [("memory_total", "in all")])
        let share = share(available, of: own["memory_total"])
        return tile(
            name: "Memory", group: .board, facts: facts,
            state: share.flatMap { $0 < 0.05 ? .init(level: .attention, words: "nearly full") : nil })
    }

    private func fileSystem(_ mount: String, _ own: [String: Reading]) -> Tile? {
        guard let free = own["filesystem_free"] else { return nil }
        let share = share(free, of: own["filesystem_size"])
        let used = share.map { ", \(DecimalText.fixed((1 - $0) * 100, places: 0))\u{A0}% used" } ?? ""
        let facts = [fact(free, label: "free")] + self.facts(own, [("filesystem_size", "in all" + used)])
        let state: Tile.State? =
            if isSet(own, "filesystem_read_only") {
                .init(level: .failed, words: "read-only: nothing can be written")
            } else if let share, share < 0.02 {
                .init(level: .failed, words: "full")
            } else if let share, share < 0.1 {
                .init(level: .attention, words: "nearly full")
            } else {
                nil
            }
        return tile(
            name: mount, group: .storage, facts: facts + hiddenFlags(own, ["filesystem_read_only"]), state: state)
    }

    private func disk(_ device: String, _ own: [String: Reading]) -> Tile? {
        let facts = self.facts(
            own, [("disk_written", "written"), ("disk_read", "read"), ("card_life_used", "of its life used")])
        guard !facts.isEmpty else { return nil }
        // PRE_EOL_INFO of JESD84-B50: from 2 on, 80 % of the reserved blocks are used.
        let isWorn = (own["card_life_used"]?.value ?? 0) >= 80 || (own["card_reserve"]?.value ?? 0) >= 2
        return tile(
            name: device, group: .storage, facts: facts,
            state: isWorn ? .init(level: .attention, words: "worn: replace it soon") : nil)
    }

    private func interface(_ name: String, _ own: [String: Reading]) -> Tile? {
        guard name != "lo", let received = own["network_received"] else { return nil }
        let facts = [fact(received, label: "received")] + self.facts(own, [("network_transmitted", "sent")])
        // An interface that has never carried a byte is not in use: its missing link is no fault.
        let missing = Tile.State(level: (received.value ?? 0) > 0 ? .attention : .off, words: "link down")
        let state = own["network_link"]?.value.map { $0 >= 0.5 ? .init(level: .ok, words: "link up") : missing }
        return tile(name: name, group: .network, facts: facts + hiddenFlags(own, ["network_link"]), state: state)
    }

    private func gpu(_ name: String, _ own: [String: Reading]) -> Tile? {
        let facts = self.facts(own, [("gpu_temperature", ""), ("gpu_usage", "in use"), ("gpu_memory_used", "memory")])
        return facts.isEmpty ? nil : tile(name: "GPU " + name, group: .board, facts: facts)
    }

    private func facts(_ own: [String: Reading], _ wanted: [(quantity: String, label: String)]) -> [Tile.Fact] {
        wanted.compactMap { wanted in own[wanted.quantity].map { fact($0, label: wanted.label) } }
    }

    /// Flags that a tile's state is made of: in the page without text, so that their change is noticed.
    private func hiddenFlags(_ own: [String: Reading], _ names: [String]) -> [Tile.Fact] {
        names.compactMap { name in own[name].map { .init(kind: .flag, reading: $0, label: "", figure: nil) } }
    }

    private func isSet(_ own: [String: Reading], _ name: String) -> Bool { (own[name]?.value ?? 0) >= 0.5 }

    private func share(_ part: Reading, of whole: Reading?) -> Double? {
        guard let part = part.value, let whole = whole?.value, whole > 0 else { return nil }
        return part / whole
    }
}
