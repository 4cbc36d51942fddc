import NAS
import Site

/// The Footage page, and those behind it: whether cameras record, what there is of which day, and the drive.
struct FootagePages: Sendable {
    let frame: PageFrame
    let clock: LocalTime
    let now: Int64
    let notes: [String]

    /// What the first page shows.
    struct Overview: Sendable {
        /// nil where no footage is kept.
        var document: FootageDocument?
        /// Oldest first.
        var quarters: [FootageQuarter] = []
        /// Only days before this one.
        var before: CivilTime?
    }

    /// Days of one page.
    static let mostDays = 31

    /// - Parameters:
    ///   - form: For somebody who may change something.
    ///   - alert: What was wrong with what was asked for.
    func overview(_ overview: Overview, form: FootageForm?, alert: String? = nil) -> String {
        let document = overview.document
        let isRunning = document?.work?.state == .running
        return frame.render(
            .footage, now: now, styles: ["footage.css"], scripts: isRunning ? ["footage.js"] : [],
            body: """
                \(verdict(document))
                <div id="said" role="alert">\(alert.map { "<p class=\"note\">\($0)</p>" as HTML })</div>
                \(document.flatMap(work))
                \(document.map { facts($0) })
                \(document.flatMap { form?.actions($0) })
                \(document.flatMap { cameras($0, overview.quarters) })
                \(days(overview))
                \(document.flatMap { drives($0, form) })
                """)
    }

    // MARK: The first lines

    private func verdict(_ document: FootageDocument?) -> HTML {
        """
        <section class="verdict"><h1 class="state \(level(document).rawValue)">\(sentence(document))</h1>
        \(notes.map { "<p>\($0)</p>" as HTML })</section>
        """
    }

    private func level(_ document: FootageDocument?) -> Tile.State.Level {
        guard let document else { return .off }
        switch document.state {
        case .recording: return isShort(document) || document.holdings?.isFrozen == true ? .attention : .ok
        case .unknown: return .attention
        case .readOnly, .missing, .silent: return .failed
        }
    }

    private func sentence(_ document: FootageDocument?) -> String {
        guard let document else { return "This unit keeps no footage." }
        let device = document.device.map { " \($0)" } ?? ""
        switch document.state {
        case .recording: return "Cameras record to the drive\(device)."
        case .readOnly: return "Cameras cannot record: the drive\(device) is only read."
        case .missing: return "Cameras cannot record: no drive is in its place."
        case .silent: return "The drive does not answer."
        case .unknown: return "Nobody has looked at the drive yet."
        }
    }

    private func isShort(_ document: FootageDocument) -> Bool {
        guard let holdings = document.holdings, let keeps = holdings.keeps else { return false }
        return keeps < holdings.promised
    }

    /// What is being done, or what came of it within the last hour.
    private func work(_ document: FootageDocument) -> HTML? {
        guard let work = document.work, now - work.since.milliseconds < 3_600_000 || work.state == .running else {
            return nil
        }
        let since = work.since.milliseconds
        let time = clock.element(since, clock.second(since))
        let title = work.kind == .eject ? "Eject" : "Erase"
        switch work.state {
        case .running:
            return """
                <p class="note" data-running>\(title), asked for by <bdi>\(work.who)</bdi> at \(time), goes on. Do not pull the drive out \
                yet. <a class="button" href="/footage">Look again</a></p>
                """
        case .done, .failed:
            let level: Tile.State.Level = work.state == .done ? .ok : .failed
            return """
                <p class="note"><span class="state \(level.rawValue)">\(title), asked for by <bdi>\(work.who)</bdi> at \(time): \
                \(work.message ?? "done")</span></p>
                """
        }
    }

    private func facts(_ document: FootageDocument) -> HTML {
        var facts: [HTML] = []
        if let size = document.size, let available = document.available {
            facts.append("\(bytes(available)) of \(bytes(size)) are free.")
        }
        if let holdings = document.holdings {
            facts.append("\(holdings.clips) clips, \(bytes(holdings.size)).")
            facts += figures(holdings)
        } else if document.state == .recording || document.state == .readOnly {
            facts.append("The drive is still being looked through.")
        }
        return "<ul class=\"facts\">\(facts.map { "<li>\($0)</li>" as HTML })</ul>"
    }

    private func figures(_ holdings: FootageDocument.Holdings) -> [HTML] {
        var facts: [HTML] = []
        if let oldest = holdings.oldest?.milliseconds {
            facts.append("The oldest is of \(clock.element(oldest, clock.full(oldest))).")
        }
        if let rate = holdings.rate { facts.append("The cameras record \(Figure(rate, unit: "B/s").text).") }
        if let keeps = holdings.keeps {
            let kept = Elapsed.words(seconds: Int64(keeps))
            let promised = Elapsed.words(seconds: Int64(holdings.promised))
            if keeps < holdings.promised {
                facts.append("<b>Footage will be kept for \(kept), and not for \(promised).</b>")
                if let full = holdings.full?.milliseconds { facts.append(whenFull(full)) }
            } else {
                facts.append("There is room for \(kept); it is kept for \(promised).")
            }
        }
        if let asks = holdings.asks {
            let what = "\(bytes(asks)) would be deleted, more than half of all; somebody has to agree:"
            facts.append("<b>\(what)</b> <code>picli nas prune</code>")
        }
        if holdings.isFrozen == true {
            facts.append("<b>Nothing is deleted: the list of what is protected cannot be read.</b>")
        }
        return facts
    }

    private func whenFull(_ time: Int64) -> HTML {
        guard time - now >= 60_000 else { return "The drive is full: the oldest goes for the newest." }
        let left = Elapsed.words(seconds: (time - now) / 1000)
        return "At this rate it is full in \(left), on \(clock.element(time, clock.full(time)))."
    }

    private func bytes(_ size: Int64) -> String { Figure(Double(size), unit: "B").text }

    // MARK: What there is

    private func cameras(_ document: FootageDocument, _ quarters: [FootageQuarter]) -> HTML? {
        guard !document.cameras.isEmpty else { return nil }
        let bounds = now - 86_400_000..<now
        let rows = document.cameras.map { camera -> HTML in
            let own = quarters.filter { $0.camera == camera.id }
            let mark: HTML? = camera.isOfSite ? nil : " <span class=\"tag\">not of this site</span>"
            let newest = camera.newest.map { age(of: $0.milliseconds) } ?? "nothing yet"
            return """
                <tr><th scope="row"><bdi>\(camera.id)</bdi>\(mark)</th><td>\(newest)</td><td>\(camera.clips)</td>\
                <td>\(bytes(camera.size))</td>\
                <td class="bars">\(FootageBar(quarters: own, bounds: bounds, clock: clock).html)</td></tr>
                """
        }
        return """
            <section class="group" aria-labelledby="cameras"><h2 id="cameras">Cameras</h2>
            <div class="scroll"><table class="footage"><thead><tr><th scope="col">Camera</th><th scope="col">Newest clip</th>\
            <th scope="col">Clips</th><th scope="col">Size</th><th scope="col">The last 24 hours</th></tr></thead>\
            <tbody>\(rows)</tbody></table></div></section>
            """
    }

    private func age(of time: Int64) -> HTML {
        "\(clock.element(time, Elapsed.age(milliseconds: now - time))) ago"
    }

    private func days(_ overview: Overview) -> HTML? {
        guard let document = overview.document, document.holdings != nil else { return nil }
        let all = FootageDay.all(overview.quarters, in: clock.zone).filter { day in
            overview.before.map { day.date.seconds < $0.seconds } ?? true
        }
        guard !all.isEmpty else { return "<p class=\"empty\">Nothing has been recorded.</p>" }
        let cameras = document.cameras.map(\.id)
        let shown = all.prefix(Self.mostDays)
        let heads = cameras.map { "<th scope=\"col\"><bdi>\($0)</bdi></th>" as HTML }
        let rows = shown.map { day -> HTML in
            let cells = cameras.map { cell($0, day) }
            return "<tr><th scope=\"row\">\(title(day.date))</th>\(cells)</tr>"
        }
        let last = all.count > shown.count ? shown.last : nil
        let older = last.map { day -> HTML in
            """
            <p class="links"><a class="button" href="/footage?before=\(day.date.dayText)">Earlier days</a></p>
            """
        }
        return """
            <section class="group" aria-labelledby="days"><h2 id="days">Days</h2>
            <div class="scroll"><table class="footage"><thead><tr><th scope="col">Day</th>\(heads)</tr></thead>\
            <tbody>\(rows)</tbody></table></div>\(older)</section>
            """
    }

    private func cell(_ camera: String, _ day: FootageDay) -> HTML {
        guard let total = day.totals[camera] else { return "<td class=\"none\">none</td>" }
        let clips = total.clips == 1 ? "1 clip" : "\(total.clips) clips"
        return """
            <td><a href="\(Self.address(camera, day.date))">\(clips)</a>, \(bytes(total.size))</td>
            """
    }

    /// `Sun 1 Mar 2026`.
    func title(_ date: CivilTime) -> String {
        "\(LocalTime.weekdays[date.weekday])\u{A0}\(date.day)\u{A0}\(LocalTime.months[date.month - 1]) \(date.year)"
    }

    /// Where a camera's day is shown.
    static func address(_ camera: String, _ date: CivilTime) -> String {
        "/footage\(URLQuery([("camera", camera), ("day", date.dayText)]).text)"
    }

    // MARK: Other drives

    private func drives(_ document: FootageDocument, _ form: FootageForm?) -> HTML? {
        let erase = document.device.flatMap { form?.erase($0) }
        guard !document.drives.isEmpty || erase != nil else { return nil }
        let rows = document.drives.map { drive -> HTML in
            let hint: HTML? = drive.hint.map { " <span class=\"none\">Try: \($0)</span>" }
            return """
                <tr><th scope="row"><bdi>\(drive.device)</bdi></th><td>\(drive.outcome)</td>\
                <td>\(drive.message ?? "")\(hint)</td><td>\(form?.erase(drive.device))</td></tr>
                """
        }
        let table: HTML = """
            <div class="scroll"><table class="footage"><thead><tr><th scope="col">Drive</th><th scope="col">Use</th>\
            <th scope="col">Why</th><th scope="col"></th></tr></thead><tbody>\(rows)</tbody></table></div>
            """
        return """
            <section class="group" aria-labelledby="drives"><h2 id="drives">Drives</h2>
            \(rows.isEmpty ? nil : table)
            \(erase.map { "<p>The drive in its place:</p> \($0)" as HTML })</section>
            """
    }
}
