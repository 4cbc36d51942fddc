import Foundation
import Testing

/// A real chromium with one page open, driven over the Chrome DevTools Protocol.
///
///     try await Browser.with { browser in
///         try await browser.open(unit.address + "/logs", width: 360)
///         #expect(try await browser.evaluate("document.title") == "Logs")
///     }
actor Browser {
    /// What the page did that no page of ours may do: errors, refused content, dialogs.
    private(set) var complaints: [String] = []
    /// What went over the network since it is watched, by the number of the request.
    private var noted: [String: Exchange] = [:]

    /// A request as it was sent, and the status of its answer; 0 before there is one.
    struct Exchange: Sendable {
        var method = ""
        var address = ""
        var hasCookie = false
        var status = 0
    }

    private let process = Process()
    private let input: FileHandle
    private let chunks: AsyncStream<Data>
    private var received = Data()
    private var number = 0
    private var session: String?

    /// A browser for the time of `body`; nothing takes longer than the limit.
    static func with(limit: Duration = .seconds(90), _ body: (Browser) async throws -> Void) async throws {
        let profile = FileManager.default.temporaryDirectory.appending(path: "picli-browser-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: profile, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: profile) }
        let browser = try Browser(profile: profile)
        let timer = Task {
            try await Task.sleep(for: limit)
            await browser.end()
        }
        defer { timer.cancel() }
        do {
            try await browser.attach()
            try await body(browser)
        } catch {
            await browser.end()
            throw error
        }
        await browser.end()
    }

    private init(profile: URL) throws {
        let messages = Pipe()
        let answers = Pipe()
        process.executableURL = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Fixtures/browser")
        process.arguments = [profile.path]
        process.standardInput = messages
        process.standardOutput = answers
        input = messages.fileHandleForWriting
        chunks = AsyncStream { continuation in
            answers.fileHandleForReading.readabilityHandler = { handle in
                let data = handle.availableData
                if data.isEmpty {
                    handle.readabilityHandler = nil
                    continuation.finish()
                } else {
                    continuation.yield(data)
                }
            }
        }
        try process.run()
    }

    private func attach() async throws {
        let target = try await call("Target.createTarget", ["url": "about:blank"])["targetId"] as? String
        let attached = try await call(
            "Target.attachToTarget", ["targetId": try #require(target), "flatten": true])
        session = attached["sessionId"] as? String
        for domain in ["Page", "Runtime", "Log"] { try await call("\(domain).enable") }
    }

    private func end() {
        guard process.isRunning else { return }
        process.terminate()
        process.waitUntilExit()
    }

    /// Opens a page and waits until it is loaded.
    ///
    /// - Parameters:
    ///   - width: Of the window, in CSS pixels.
    ///   - isDark: What the reader's device prefers.
    func open(_ address: String, width: Int = 1280, isDark: Bool = false) async throws {
        try await call(
            "Emulation.setDeviceMetricsOverride",
            ["width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600])
        try await call(
            "Emulation.setEmulatedMedia",
            ["features": [["name": "prefers-color-scheme", "value": isDark ? "dark" : "light"]]])
        let error = try await call("Page.navigate", ["url": address])["errorText"]
        if let error { throw Failure(what: "\(address): \(error)") }
        while try await message()["method"] as? String != "Page.loadEventFired" {}
    }

    /// Notes what is sent from now on, and forgets what was.
    func watchNetwork() async throws {
        try await call("Network.enable")
        noted = [:]
    }

    /// What was noted so far.
    func exchanges() async throws -> [Exchange] {
        // What was said until now is read on the way to the answer.
        try await call("Runtime.getIsolateId")
        return Array(noted.values)
    }

    /// The value of a JavaScript expression.
    func evaluate<Value: Decodable>(_ expression: String, as type: Value.Type = Value.self) async throws -> Value {
        // Wrapped, so that nothing depends on how the protocol writes a value.
        let result = try await call("Runtime.evaluate", ["expression": "JSON.stringify([\(expression)])"])
        let text = (result["result"] as? [String: Any])?["value"] as? String
        let values = try JSONDecoder().decode([Value].self, from: Data(try #require(text, "\(result)").utf8))
        return try #require(values.first)
    }

    /// Types into fields of these names.
    func fill(_ fields: [String: String]) async throws {
        for (name, value) in fields {
            let text = String(decoding: try JSONEncoder().encode([value]), as: UTF8.self)
            let isThere = try await evaluate(
                """
                ((field) => { if (field) field.value = \(text)[0]; return field !== null; })(
                  document.querySelector('[name="\(name)"]'))
                """, as: Bool.self)
            try #require(isThere, "there is no field \(name)")
        }
    }

    /// Has the cookie of somebody who signed in before.
    func bring(cookie: String, for address: String) async throws {
        try await call(
            "Network.setCookie",
            [
                "name": "__Host-picli", "value": cookie, "url": address + "/", "secure": true, "httpOnly": true,
                "sameSite": "Strict",
            ])
    }

    /// Presses the button of a form, and waits for the next page.
    func submit(_ form: String = "main form") async throws {
        let _: Bool = try await evaluate("(document.querySelector('\(form) button[type=submit]').click(), true)")
        while try await message()["method"] as? String != "Page.loadEventFired" {}
    }

    /// Where pictures of what was tested go, for a person to look at: the folder that `PICLI_PICTURES` names.
    private static let pictures = ProcessInfo.processInfo.environment["PICLI_PICTURES"].map { URL(filePath: $0) }

    /// Keeps the whole page as a PNG, when that is asked for.
    func keep(_ name: String) async throws {
        guard let folder = Self.pictures else { return }
        let shot = try await call("Page.captureScreenshot", ["captureBeyondViewport": true])
        let picture = try #require(Data(base64Encoded: shot["data"] as? String ?? ""))
        try picture.write(to: folder.appending(path: "\(name).png"))
    }

    // MARK: Messages

    @discardableResult
    private func call(_ method: String, _ parameters: [String: Any] = [:]) async throws -> [String: Any] {
        number += 1
        let sent = number
        var request: [String: Any] = ["id": sent, "method": method, "params": parameters]
        request["sessionId"] = session
        try input.write(contentsOf: JSONSerialization.data(withJSONObject: request) + [0])
        while true {
            let message = try await message()
            guard message["id"] as? Int == sent else { continue }
            if let error = message["error"] { throw Failure(what: "\(method): \(error)") }
            return message["result"] as? [String: Any] ?? [:]
        }
    }

    /// The next message; what a page may not do is noted on the way.
    private func message() async throws -> [String: Any] {
        while true {
            if let end = received.firstIndex(of: 0) {
                let bytes = received[received.startIndex..<end]
                received = Data(received[(end + 1)...])
                let object = try JSONSerialization.jsonObject(with: bytes)
                let message = try #require(object as? [String: Any])
                try note(message)
                return message
            }
            guard let chunk = await next() else { throw Failure(what: "chromium has ended") }
            received += chunk
        }
    }

    private func next() async -> Data? {
        for await chunk in chunks { return chunk }
        return nil
    }

    private func note(_ message: [String: Any]) throws {
        guard let method = message["method"] as? String, let details = message["params"] as? [String: Any] else {
            return
        }
        let request = details["requestId"] as? String ?? ""
        switch method {
        case "Network.requestWillBeSent":
            let sent = details["request"] as? [String: Any] ?? [:]
            noted[request, default: Exchange()].method = sent["method"] as? String ?? ""
            noted[request, default: Exchange()].address = sent["url"] as? String ?? ""
        case "Network.requestWillBeSentExtraInfo":
            let headers = details["headers"] as? [String: Any] ?? [:]
            noted[request, default: Exchange()].hasCookie = headers.keys.contains { $0.lowercased() == "cookie" }
        case "Network.responseReceivedExtraInfo":
            noted[request, default: Exchange()].status = details["statusCode"] as? Int ?? 0
        case "Runtime.exceptionThrown": complaints.append("\(details)")
        case "Log.entryAdded":
            let entry = details["entry"] as? [String: Any] ?? [:]
            if entry["level"] as? String == "error" { complaints.append("\(entry)") }
        case "Page.javascriptDialogOpening":
            complaints.append("\(details)")
            number += 1
            var answer: [String: Any] = [
                "id": number, "method": "Page.handleJavaScriptDialog", "params": ["accept": false],
            ]
            answer["sessionId"] = session
            try input.write(contentsOf: JSONSerialization.data(withJSONObject: answer) + [0])
        default: break
        }
    }

    private struct Failure: Error, CustomStringConvertible {
        let what: String
        var description: String { what }
    }
}
