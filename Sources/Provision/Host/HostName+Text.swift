import Platform
import Site

extension HostText {
    /// The name of the machine until the next boot: no file in /etc, so a copied card brings no second of the same name.
    static let name = HostText { input in
        var rendered = Rendered()
        let name = HostName.of(input.site, unit: input.facts.unit)
        rendered.steps.append(
            PlanStep(
                "name", "Name the machine \(name).", .kernelValue(path: "/proc/sys/kernel/hostname", value: name),
                scope: .liveOnly))
        if input.facts.network == .networkManager {
            let folder = "/run/NetworkManager/conf.d"
            rendered.steps += [
                PlanStep(
                    "name.manager.parent", "Make NetworkManager's directory.", .directory(path: "/run/NetworkManager")),
                PlanStep("name.manager.folder", "Make the directory of its settings.", .directory(path: folder)),
                PlanStep(
                    "name.manager", "Keep NetworkManager from naming the machine.",
                    .file(PlanFile("\(folder)/90-picli.conf", heading + "[main]\nhostname-mode=none\n"))),
                .reload(
                    "name.manager.reload", "NetworkManager", "try-reload-or-restart", after: ["name.manager"]),
            ]
        }
        return rendered
    }
}

/// The name of a machine on its network.
enum HostName {
    /// The unit's ID; before it has one, the site's name in the letters of RFC 1123: `Trailer 42` is `trailer-42`.
    static func of(_ site: SiteFile, unit: UnitID?) -> String {
        label(unit?.description ?? site.site.name)
    }

    /// 1 to 63 letters, digits and hyphens, lower case; a hyphen neither begins nor ends it.
    static func label(_ text: String) -> String {
        var label = ""
        for scalar in text.lowercased().unicodeScalars {
            let isAllowed = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            if isAllowed {
                label.unicodeScalars.append(scalar)
            } else if !label.isEmpty, label.last != "-" {
                label.append("-")
            }
        }
        // Digits alone would be read as an address.
        if label.allSatisfy({ $0.isNumber || $0 == "-" }) { label = label.isEmpty ? "picli" : "picli-" + label }
        label = String(label.prefix(63))
        while label.last == "-" { label.removeLast() }
        return label
    }
}
