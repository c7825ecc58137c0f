<?php

return array(
    'name'        => /*_wp*/('Fiscalgate: receipts'),
    'description' => /*_wp*/('Receipts (54-FZ) for paid and refunded orders through a Fiscalgate gateway.'),
    'img'         => 'img/fiscalgate.svg',
    'vendor'      => 'fiscalgate',
    'version'     => '1.0.0',
    'frontend'    => true,
    'handlers'    => array(
        'order_action.pay'      => 'orderPaid',
        'order_action.capture'  => 'orderPaid',
        'order_action.complete' => 'orderPaid',
        'order_action.refund'   => 'orderRefunded',
        'backend_order'         => 'backendOrder',
    ),
);
