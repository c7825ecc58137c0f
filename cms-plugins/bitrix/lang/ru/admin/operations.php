<?php

$MESS['FISCALGATE_OPERATIONS_TITLE'] = 'Чеки Fiscalgate';
