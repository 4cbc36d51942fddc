/// Where the footage of the cameras is: on the drive, and never anywhere else.
public enum FootagePlaces {
    /// Where the drive is mounted; empty and closed while there is none.
    public static let mountPoint = "/srv/camera"
    /// The folder of all footage on a drive; it exists on drives alone, so a share of it cannot end on the card.
    public static let folder = "footage"

    /// The folder of one unit on the drive that is mounted: drives that went through several sites mix nothing.
    public static func folder(of unit: UnitID) -> String { "\(mountPoint)/\(folder)/\(unit)" }
}
