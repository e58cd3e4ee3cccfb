module overlap/peer

go 1.19
