print("picli")
