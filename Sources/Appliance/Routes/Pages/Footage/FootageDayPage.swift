import NAS
import Site

/// One day of one camera, and one clip.
extension FootagePages {
    /// What the page of a day shows.
    struct Day: Sendable {
        var camera: String
        var date: CivilTime
        /// Oldest first, of this camera.
        var quarters: [FootageQuarter]
        /// Newest first.
        var clips: [ListedClip]
        /// Where the list goes on; nil when this is all.
        var next: ClipCursor?
    }

    /// Clips of one page.
    static let mostClips = 200

    func day(_ day: Day) -> String {
        let bounds = day.date.bounds(in: clock.zone)
        let bar = FootageBar(quarters: day.quarters, bounds: bounds, clock: clock)
        let more = day.next.map { cursor -> HTML in
            let query = URLQuery([
                ("camera", day.camera), ("day", day.date.dayText), ("cursor", cursor.description),
            ])
            return "<p class=\"links\"><a class=\"button\" href=\"/footage\(query.text)\">Earlier clips</a></p>"
        }
        return frame.render(
            .footage, now: now, styles: ["footage.css"], scripts: [],
            body: """
                <h1><bdi>\(day.camera)</bdi>, \(title(day.date))</h1>
                <nav class="ranges" aria-label="Days">\(link("Day before", day, -1))\(link("Day after", day, 1))\
                <a class="button" href="/footage">All days</a></nav>
                <div class="day">\(bar.html)<p class="hours" aria-hidden="true"><span>00</span><span>06</span><span>12</span>\
                <span>18</span><span>24</span></p></div>
                \(table(day.clips))
                \(more)
                """)
    }

    private func link(_ title: String, _ day: Day, _ days: Int64) -> HTML {
        "<a class=\"button\" href=\"\(Self.address(day.camera, day.date.day(after: days)))\">\(title)</a>"
    }

    private func table(_ clips: [ListedClip]) -> HTML {
        guard !clips.isEmpty else { return "<p class=\"empty\">Nothing was recorded.</p>" }
        let rows = clips.map { listed -> HTML in
            let clip = listed.clip
            let mark: HTML? = listed.isProtected ? " <span class=\"tag\">protected</span>" : nil
            let query = URLQuery([("path", clip.path)]).text
            let play: HTML? =
                ClipResponse.isVideo(clip.path) ? "<a class=\"button\" href=\"/footage/play\(query)\">Play</a> " : nil
            return """
                <tr><td>\(clock.element(clip.time, clock.second(clip.time)))</td>\
                <td><bdi>\(String(ClipResponse.name(of: clip.path)))</bdi>\(mark)</td>\
                <td>\(Figure(Double(clip.size), unit: "B").text)</td>\
                <td class="tools">\(play)<a class="button" href="\(Self.download(clip.path))">Download</a></td></tr>
                """
        }
        return """
            <div class="scroll"><table class="footage"><thead><tr><th scope="col">Finished</th><th scope="col">Clip</th>\
            <th scope="col">Size</th><th scope="col"></th></tr></thead><tbody>\(rows)</tbody></table></div>
            """
    }

    private static func download(_ path: String) -> String {
        "/footage/clip\(URLQuery([("path", path), ("download", "1")]).text)"
    }

    /// A player, and the way back.
    func player(_ file: ClipFile) -> String {
        let camera = String(file.path.prefix { $0 != "/" })
        let date = FootageDay.day(of: file.modified, in: clock.zone)
        let source = "/footage/clip\(URLQuery([("path", file.path)]).text)"
        return frame.render(
            .footage, now: now, styles: ["footage.css"], scripts: [],
            body: """
                <h1><bdi>\(String(ClipResponse.name(of: file.path)))</bdi></h1>
                <video class="player" controls autoplay muted playsinline preload="metadata" src="\(source)"></video>
                <p>\(Figure(Double(file.size), unit: "B").text), written to last at \
                \(clock.element(file.modified, clock.full(file.modified))). A browser that shows nothing does not know how this camera \
                encodes: keep the file.</p>
                <p class="links"><a class="button" href="\(Self.download(file.path))">Download</a> \
                <a class="button" href="\(Self.address(camera, date))">The whole day</a></p>
                """)
    }

    /// Asks whether a drive is to be erased.
    func offer(_ offer: DriveOfferDocument, device: String, form: FootageForm) -> String {
        frame.render(
            .footage, now: now, styles: ["footage.css"], scripts: [], body: form.offer(offer, device: device))
    }
}
