import NAS
import Site
import Testing
import Web

@testable import Appliance

@Suite("Footage for pages and programs")
struct FootageRoutesTests {
    @Test("a unit without footage says so")
    func none() async throws {
        try await LiveUnit.run { unit in
            #expect(try await unit.get("/footage").body.contains("This unit keeps no footage."))
            for path in ["/api/v1/footage", "/api/v1/footage/clips"] {
                let answer = try await unit.get(path)
                #expect(answer.status == 404 && answer.body.contains("footage.off"))
            }
            #expect(try await unit.get("/footage/clip?path=front/a.mp4").status == 404)
        }
    }

    @Test("what there is, as a document; nothing of an earlier drive while the present one is not known")
    func documents() async throws {
        let footage = try StagedFootage(records: [
            DriveRecord("sda1", .attached),
            DriveRecord("sdb1", .refused, DriveReason("nas.foreign", "No.", hint: "picli nas list")),
        ])
        try footage.clip("front/a.mp4", at: noon - 60_000)
        try footage.clip("side/b.mp4", at: noon - 30_000)
        try await LiveUnit.run(footage: footage.shelf) { unit in
            let early = try await unit.get("/api/v1/footage")
            #expect(early.body.contains(#""state":"unknown""#) && !early.body.contains("side"))
            #expect(try await unit.get("/api/v1/footage/clips").body.contains(#""clips":[]"#))
            #expect(try await unit.get("/footage/clip?path=front/a.mp4").status == 404)
            try footage.look { $0.isFrozen = true }
            let known = try await unit.get("/api/v1/footage").body
            for part in [
                #""state":"recording""#, #""device":"sda1""#, #""isFrozen":true"#, #""id":"rear""#,
                #""id":"side","isOfSite":false"#, #""outcome":"refused""#,
            ] {
                #expect(known.contains(part), "\(part)\n\(known)")
            }
            let clips = try await unit.get("/api/v1/footage/clips?camera=front").body
            #expect(clips.contains(#""path":"front/a.mp4""#) && !clips.contains("side"))
            let page = try await unit.get("/api/v1/footage/clips?limit=1").body
            #expect(page.contains("side/b.mp4") && page.contains(#""next":""#))
            #expect(try await unit.get("/api/v1/footage/clips?cursor=x").status == 400)
        }
    }

    @Test("a clip is sent as a whole or in part, as what it is, and no other file is")
    func clips() async throws {
        let footage = try StagedFootage()
        try footage.clip("front/a b.mp4", at: noon)
        try footage.clip("front/page.html", at: noon, "<script>")
        try footage.look()
        footage.folder.write("secret", to: "front/unknown.mp4")
        try await LiveUnit.run(footage: footage.shelf) { unit in
            let path = "/footage/clip?path=front/a%20b.mp4"
            let whole = try await unit.get(path)
            #expect(whole.status == 200 && whole.body == "0123456789")
            #expect(whole.head.contains("Content-Type: video/mp4"))
            #expect(whole.head.contains("Content-Length: 10"))
            #expect(whole.head.contains("inline; filename*=UTF-8''a%20b.mp4"))
            let part = try await unit.get(path, headers: ["Range: bytes=3-5"])
            #expect(part.status == 206 && part.body == "345")
            #expect(part.head.contains("Content-Range: bytes 3-5/10"))
            let changed = try await unit.get(path, headers: ["Range: bytes=3-5", "If-Range: \"other\""])
            #expect(changed.status == 200 && changed.body == "0123456789")
            let beyond = try await unit.get(path, headers: ["Range: bytes=10-"])
            #expect(beyond.status == 416 && beyond.head.contains("Content-Range: bytes */10"))
            let page = try await unit.get("/footage/clip?path=front/page.html")
            #expect(page.head.contains("application/octet-stream") && page.head.contains("attachment;"))
            #expect(try await unit.get(path + "&download=1").head.contains("attachment;"))
            for other in ["front/unknown.mp4", "../etc/passwd", "front", ""] {
                #expect(try await unit.get("/footage/clip?path=\(other)").status == 404, "\(other)")
            }
            let player = try await unit.get("/footage/play?path=front/a%20b.mp4").body
            #expect(player.contains("<video") && player.contains("src=\"/footage/clip?path=front/a%20b.mp4\""))
        }
    }

    @Test("a day has its clips, newest first, and what is hostile in their names is text")
    func day() async throws {
        let footage = try StagedFootage()
        // 12:00 UTC is 05:00 at the site.
        try footage.clip("front/2026/<b>.mp4", at: noon)
        try footage.clip("front/2026/late.jpg", at: noon - 6 * 3_600_000)
        try footage.look()
        try await LiveUnit.run(footage: footage.shelf) { unit in
            let first = try await unit.get("/footage").body
            #expect(first.contains("/footage?camera=front&amp;day=2026-03-01"))
            let body = try await unit.get("/footage?camera=front&day=2026-03-01").body
            #expect(body.contains("05:00:00") && body.contains("&lt;b&gt;.mp4") && !body.contains("<b>.mp4"))
            // The other was finished on the evening before.
            #expect(!body.contains("late.jpg"))
            let before = try await unit.get("/footage?camera=front&day=2026-02-28").body
            #expect(before.contains("23:00:00") && before.contains("late.jpg"))
            #expect(!before.contains("/footage/play"))
            // What is no day is left out.
            #expect(try await unit.get("/footage?camera=front&day=x").body.contains("Cameras record"))
        }
    }
}
