import Foundation
import Testing

/// The texts of `Fixtures/script-payloads.txt`, and the look for what became of them in a page.
enum ScriptPayloads {
    /// 200 different ones.
    static func all() throws -> [String] {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Fixtures/script-payloads.txt")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        func words(_ kind: String) -> [String] {
            lines.filter { $0.hasPrefix("\(kind) ") }.map { String($0.dropFirst(kind.count + 1)) }
        }
        let deeds = words("deed")
        let payloads = words("form").flatMap { form in deeds.map { form.replacing("@", with: $0) } }
        try #require(Set(payloads).count == 200)
        return payloads
    }

    /// As many in one text as fit, with a blank between.
    static func packed(_ payloads: [String], in size: Int) -> [String] {
        payloads.reduce(into: [String]()) { texts, payload in
            if let last = texts.last, last.utf8.count + payload.utf8.count + 1 <= size {
                texts[texts.count - 1] = "\(last) \(payload)"
            } else {
                texts.append(payload)
            }
        }
    }

    /// As a literal of JavaScript, and of YAML.
    static func literal(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// A function that finds in a document what no page of ours has: scripts, attributes and elements of others.
    static let probe = """
        ((page) => [...page.querySelectorAll('*')].flatMap((element) => {
          const place = element.outerHTML.slice(0, 80);
          const foreign = element.matches(
            'iframe, object, embed, base, math, video, audio, img, animate, body body, meta[http-equiv], frame')
            || (element.matches('script') && (!(element.getAttribute('src') ?? '').startsWith('/assets/') || element.text));
          const attributes = [...element.attributes].filter(({ name, value }) => /^on/i.test(name) || name === 'srcdoc'
            || name === 'autofocus' || (/^(href|src|action|formaction|data|xlink:href)$/i.test(name)
              && !/^([/#?]|$)/.test(value)));
          return [...(foreign ? [place] : []), ...attributes.map(({ name }) => `${name} of ${place}`)];
        }))
        """

    /// Expects that nothing ran in the page that is open, and that nothing of it is of others.
    static func expectInert(_ browser: Browser, _ place: String) async throws {
        #expect(try await browser.evaluate("\(probe)(document)", as: [String].self) == [], "\(place)")
        #expect(try await browser.evaluate("window.x_ === undefined", as: Bool.self), "a script ran: \(place)")
        // Dialogs, errors, and what the policy of the page had to refuse.
        let complaints = await browser.complaints.filter { !Self.isOfStatus($0) }
        #expect(complaints.isEmpty, "\(place): \(complaints)")
    }

    /// What chromium says of each answer that is no 200.
    private static func isOfStatus(_ complaint: String) -> Bool {
        complaint.contains("the server responded with a status of 4")
    }

    /// Has a page of the unit send requests, and look at the answers as documents in which nothing runs.
    ///
    /// - Parameters:
    ///   - request: JavaScript that makes of `payload` an array of `[path, options, check]`; `check` gets the document, and
    ///     answers what is wrong with it, or nothing.
    /// - Returns: how many answers were looked at.
    static func fetch(_ payloads: [String], _ request: String, in browser: Browser) async throws -> Int {
        let script = """
            (() => {
              window.answers = { looked: 0, faults: [], open: true };
              const probe = \(probe);
              const requests = \(try literal(payloads)).flatMap((payload) => (\(request))(payload));
              const next = async () => {
                for (let one = requests.pop(); one; one = requests.pop()) {
                  const [path, options, check] = one;
                  const answer = await fetch(path, { headers: { Accept: 'text/html' }, redirect: 'error', ...options });
                  const text = await answer.text();
                  const type = answer.headers.get('Content-Type') ?? '';
                  const note = (fault) => window.answers.faults.push(`${path} ${answer.status}: ${fault}`);
                  window.answers.looked += 1;
                  if (answer.status >= 500) note('it failed');
                  if (answer.headers.get('X-Content-Type-Options') !== 'nosniff') note('its type may be guessed');
                  if (!type.startsWith('text/html')) continue;
                  const page = new DOMParser().parseFromString(text, 'text/html');
                  probe(page).forEach(note);
                  const wrong = check?.(page);
                  if (wrong) note(wrong);
                }
              };
              Promise.all([1, 2, 3, 4].map(next)).catch((error) => window.answers.faults.push(String(error)))
                .then(() => { window.answers.open = false; });
              return true;
            })()
            """
        let _: Bool = try await browser.evaluate(script)
        try await eventually("all answers are there", within: .seconds(90), poll: .milliseconds(200)) {
            try await browser.evaluate("!window.answers.open", as: Bool.self)
        }
        let faults = try await browser.evaluate("window.answers.faults.slice(0, 20)", as: [String].self)
        #expect(faults == [])
        return try await browser.evaluate("window.answers.looked", as: Int.self)
    }
}
