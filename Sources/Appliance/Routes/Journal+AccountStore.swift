public import Store
public import Web

/// Users and the audit log are kept with the events.
extension Journal: AccountStore {}
